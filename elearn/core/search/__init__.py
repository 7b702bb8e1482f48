"""The pure parts of search: canonical text, cluster bigrams, passages and hits."""
