"""Courses as files become courses as values: parse, check, page, digest, version."""
