"""Everything a node keeps, in one SQLite file: connections, group commit, migrations, ledger, tables."""
