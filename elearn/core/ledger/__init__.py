"""The chain of entries: what follows what, and what a broken chain looks like."""
