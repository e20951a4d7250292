"""The scores, one file a genre; each has `arrangement()`."""
