"""Certificates as values: number, signed payload, verdict."""
