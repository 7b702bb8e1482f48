"""Everyone signed in: search and glossary."""
