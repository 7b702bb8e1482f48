"""The officer: own courses, lessons, questions, results, certificates, record."""
