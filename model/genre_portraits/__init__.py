"""What the network has learned of each genre: as pictures, as words and as sound."""
