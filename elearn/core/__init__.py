"""What is true: values and pure functions.

Law of this folder: no Flask, no database, no network, no `os`, no `random`; nothing here calls now(), uuid4() or
open(). What the core needs from the world is handed to it. `tests/test_floors.py` keeps the law.
"""
