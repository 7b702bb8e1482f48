"""What an officer may do next, drawing an exam, grading it."""
