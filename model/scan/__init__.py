"""Many songs into one table, one row a song: for the page and for ``python -m model scan``."""
