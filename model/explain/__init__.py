"""Explanations of a verdict, one method a file."""
