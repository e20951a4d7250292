"""Is the verdict right? Accuracy, calibration, robustness and comparisons."""
