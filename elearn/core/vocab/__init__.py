"""The words every room shares: errors, languages, nodes, roles, people, times, tables."""
