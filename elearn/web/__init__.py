"""People in, by browser: one room per audience."""
