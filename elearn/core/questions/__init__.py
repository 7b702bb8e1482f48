"""KIT of question kinds: one file a kind, grading is pure."""
