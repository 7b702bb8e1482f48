"""Courses on paper: the book of a course, and its job aids."""
