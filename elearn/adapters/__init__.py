"""Machines out: the only rooms that touch files, databases, processes and the network."""
