"""The measure to measure by: what Flask, waitress and SQLite take for nothing at all, on the same machine.

`python -m elearn.cli.measuring.bare` serves one fixed page with the same server and as many threads as elearn.
"""

import logging
import os
import sqlite3
import time
from pathlib import Path

PAGE = "<!doctype html><title>bare</title><p>" + "bare " * 1500
THREADS = 8
ROW_BYTES = 425
"""What one answer takes in the ledger."""


def serve() -> None:
    """Serve the page until ended."""
    from flask import Flask  # only in this process: `bench` itself needs none of it
    from waitress.server import create_server

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    app = Flask("bare")
    app.add_url_rule("/", "page", lambda: PAGE)
    address = (os.environ["ELEARN_HOST"], int(os.environ["ELEARN_PORT"]))
    create_server(app, host=address[0], port=address[1], threads=THREADS).run()


def commits_per_second(folder: Path, seconds: float) -> float:
    """Return how many transactions of one row SQLite brings to this disk in a second (WAL, synchronous=FULL)."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE entry (number INTEGER PRIMARY KEY, body BLOB)")
        begun, count = time.perf_counter(), 0
        while time.perf_counter() - begun < seconds:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO entry (body) VALUES (?)", (os.urandom(ROW_BYTES),))
            connection.execute("COMMIT")
            count += 1
        return count / (time.perf_counter() - begun)
    finally:
        connection.close()


if __name__ == "__main__":
    serve()
