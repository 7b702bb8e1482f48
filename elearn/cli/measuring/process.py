"""A server as a process of its own: started, asked, weighed, ended."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from elearn.cli.measuring.load import Connection, request

POLL_S = 0.003
START_LIMIT_S = 90.0
END_LIMIT_S = 10.0
_ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_RSS = re.compile(r"^VmRSS:\s+(\d+) kB", re.MULTILINE)
_IMPORT = re.compile(r'from "(/static/[^"]+)"')


@dataclass
class Running:
    """A server that answers. started_s: from the start of the process to its first page, whole."""

    process: "subprocess.Popen[bytes]"
    address: tuple[str, int]
    started_s: float

    @property
    def host(self) -> str:
        """Return what stands in the header Host."""
        return f"{self.address[0]}:{self.address[1]}"

    def memory_mb(self) -> float:
        """Return the memory of the process and all it started, in MB; pages they share are counted once (PSS)."""
        return sum(shared_mb(pid) for pid in family(self.process.pid))


@contextmanager
def running(command: list[str], environment: dict[str, str], root: Path, page: str) -> Iterator[Running]:
    """Give a server that has answered ``page``; end it afterwards. The port is handed over as ELEARN_PORT."""
    port = free_port()
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=root,
        env={**environment, "ELEARN_PORT": str(port), "ELEARN_HOST": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
    )
    try:
        address = ("127.0.0.1", port)
        _wait_for(process, address, page)
        yield Running(process, address, time.perf_counter() - begun)
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process this one started: politely, then not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(END_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def family(pid: int) -> list[int]:
    """Return the process and all processes below it."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                # The name in brackets may hold blanks; the parent is the second field after it.
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def first_visit_bytes(server: Running, page: str) -> tuple[int, int]:
    """Return (bytes, answers) a first visit takes on the wire: page, style, scripts, icon; heads too, fonts not."""
    connection = Connection(server.address)
    waiting, seen, size = [page], set[str](), 0
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        _, head, body = connection.ask(request("GET", url, server.host).encode())
        size += len(head) + 4 + len(body)
        plain = request("GET", url, server.host).replace("Accept-Encoding: gzip\r\n", "")
        text = connection.ask(plain.encode())[2].decode(errors="replace")
        waiting += _ASSET.findall(text) if url == page else _IMPORT.findall(text)
    connection.close()
    return size, len(seen)


def _wait_for(process: "subprocess.Popen[bytes]", address: tuple[str, int], page: str) -> None:
    end_at = time.perf_counter() + START_LIMIT_S
    wanted = request("GET", page, f"{address[0]}:{address[1]}").encode()
    while time.perf_counter() < end_at and process.poll() is None:
        try:
            connection = Connection(address)
        except OSError:
            time.sleep(POLL_S)
            continue
        try:
            if connection.ask(wanted)[0] == 200:
                return
        except OSError:
            time.sleep(POLL_S)
        finally:
            connection.close()
    raise TimeoutError(f"the server did not answer {page} within {START_LIMIT_S:.0f} s")


def shared_mb(pid: int) -> float:
    """Return the memory of a process in MB, of pages shared with others its share only (PSS); 0 if it has ended."""
    return _memory_kb(pid) / 1024


def resident_mb(pid: int) -> float:
    """Return the memory a process holds in MB, shared pages in full (RSS); 0 if it has ended."""
    try:
        found = _RSS.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def cpu_seconds(pid: int) -> float:
    """Return what a process has used of the processors so far; 0 if it has ended."""
    try:
        # The name in brackets may hold blanks; user and system time are the 12th and 13th field after it.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_kb(pid: int) -> int:
    try:
        found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    except OSError:  # it has just ended
        return 0
    return int(found[1]) if found else 0
