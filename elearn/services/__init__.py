"""Errands: one function for each thing a person or a node wants done."""
