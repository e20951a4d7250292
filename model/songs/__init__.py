"""Whole songs and folders of songs: windows, timelines, verdicts and tables."""
