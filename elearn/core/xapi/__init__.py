"""Experience API statements as values: build, check, canonical form."""
