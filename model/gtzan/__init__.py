"""The data set GTZAN: pictures, clips, splits, artists and the table of statistics."""
