"""People in, by terminal: one file per command."""
