"""Everything a hub keeps, in a PostgreSQL database: connections, group commit, migrations, ledger, tables."""
