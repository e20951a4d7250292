"""What can be taken along: sounds, pictures, numbers, and what the player gets."""
