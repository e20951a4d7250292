"""Programs for those who work on Earmark; the app needs none of them."""
