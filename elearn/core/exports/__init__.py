"""KIT of exports: one file a format."""
