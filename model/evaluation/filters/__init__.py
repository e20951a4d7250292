"""Whether filters mean something: one genre, one place, the same in every training."""
