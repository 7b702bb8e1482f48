"""The exchange without its transport: vectors, scope, batches, the talk."""
