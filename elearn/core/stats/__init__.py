"""Rows to figures: measures, small-cell protection, report."""
