"""Starting weights from public packages, converted once."""
