"""A PostgreSQL server of the tests' own: on a socket in a folder of its own, under another user where we are root.

`initdb` makes it anew for each run; nothing listens on a port, and what the system runs is never touched.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

FAST = ("fsync=off", "synchronous_commit=on", "full_page_writes=off", "max_wal_size=256MB")
DURABLE = ("fsync=on",)
START_LIMIT_S = 30
_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name.split(".")[0]))
_numbers = count(1)


def programs() -> Path | None:
    """Return the folder of the server's programs, the newest there is; None if there are none."""
    named = shutil.which("initdb")
    found = [*([Path(named).parent] if named else []), *_PROGRAMS]
    return next((one for one in reversed(found) if (one / "initdb").exists() and (one / "postgres").exists()), None)


class Server:
    """A server in ``folder``, which its user may write to. more: lines of its configuration.

    newest: name of the database made last.
    """

    def __init__(self, folder: Path, more: tuple[str, ...] = FAST) -> None:
        found = programs()
        assert found is not None
        self._programs = found
        self._folder = folder
        self.data = folder / "data"
        self._user = _other_user() if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self.newest = ""
        if self._user:
            shutil.chown(folder, self._user)
        self._run("initdb", "-D", str(self.data), "-U", "elearn", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        settings = ("listen_addresses=''", f"unix_socket_directories='{folder}'", "max_connections=60", *more)
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("\n".join(settings) + "\n")
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = (self._folder / "log").open("ab")
        command = [str(self._programs / "postgres"), "-D", str(self.data)]
        self._process = subprocess.Popen(command, stdout=log, stderr=log, user=self._user, cwd="/")
        log.close()
        end_at = time.monotonic() + START_LIMIT_S
        while not self._answers():
            assert self._process.poll() is None, (self._folder / "log").read_text()
            assert time.monotonic() < end_at, "the server does not answer"
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends all connections, SIGQUIT is a power cut that it knows of."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_LIMIT_S)
            self._process = None

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://elearn@/{database}?host={self._folder}"

    def new_database(self, template: str = "template0") -> str:
        """Make a database, empty or like another; return its address."""
        name = self.newest = f"d{next(_numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE {name} TEMPLATE "{template}" STRATEGY file_copy'.encode())
        return self.url(name)

    def emptied(self, database: str) -> str:
        """Take all rows out of a database that has all tables; return its address. Much quicker than a new one."""
        url = self.url(database)
        with psycopg.connect(url) as connection:
            connection.execute("SET session_replication_role = replica")  # the ledger's triggers would refuse
            connection.execute(
                "DO $$ DECLARE name regclass; BEGIN FOR name IN SELECT oid FROM pg_class"
                " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'elearn_migration'"
                " LOOP EXECUTE 'DELETE FROM ' || name; END LOOP; END $$"
            )
        return url

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url()).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, user=self._user, cwd="/", check=False)
        assert done.returncode == 0, done.stderr.decode()


@contextmanager
def running_server(more: tuple[str, ...] = FAST) -> Iterator[Server]:
    """Give a server, and stop it."""
    folder = Path(tempfile.mkdtemp(prefix="elearn-pg-"))
    server = None
    try:
        server = Server(folder, more)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _other_user() -> str:
    """Return a user the server may run as: it refuses to be root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise LookupError("neither postgres nor nobody is a user here")
