"""Printing certificates for others: choosing them, having them made in the background, the list for the ceremony."""
