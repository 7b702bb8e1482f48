"""Signing in and out, language, PIN."""
