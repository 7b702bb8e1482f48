"""elearn: an offline-first training platform for officers at border posts."""

__version__ = "0.1.0"
