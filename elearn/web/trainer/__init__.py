"""The trainer: courses, versions, translation state, preview."""
