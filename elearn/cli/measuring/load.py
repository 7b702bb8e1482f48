"""The load: many keep-alive connections that send prepared requests as fast as they are answered.

Run as a process of its own, several at once, so that the one that asks is not slower than the one that answers:
`python -m elearn.cli.measuring.load` reads a job (JSON) from standard input and writes what it saw to standard output.
"""

import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

READ_BYTES = 65_536
TIMEOUT_S = 30.0


@dataclass
class Seen:
    """What came back. waits_ms: of each request, from the first byte sent to the last read; wrong: other statuses."""

    waits_ms: list[float] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Return how many were answered a second."""
        return len(self.waits_ms) / self.seconds if self.seconds else 0.0

    def percentile_ms(self, percent: int) -> float:
        """Return the wait that ``percent`` of the requests stayed under."""
        if len(self.waits_ms) < 2:
            return sum(self.waits_ms)
        return quantiles(self.waits_ms, n=100, method="inclusive")[percent - 1]


def request(method: str, path: str, host: str, cookies: str = "", form: str = "") -> str:
    """Return one request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Accept-Encoding: gzip"]
    if cookies:
        lines.append(f"Cookie: {cookies}")
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
    return "\r\n".join([*lines, "", form])


def put_under_load(
    address: tuple[str, int], connections: list[list[str]], status: int, seconds: float, processes: int = 4
) -> Seen:
    """Send the requests of every connection round and round, all connections at once; return what came back.

    connections: for each, the requests it repeats in order; status: of a good answer. Bounded by ``seconds``.
    """
    jobs = [
        {"address": address, "connections": connections[number::processes], "status": status, "seconds": seconds}
        for number in range(processes)
    ]
    command = [sys.executable, "-m", __name__]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for job in jobs
        if job["connections"]
    ]
    started_at = time.time() + 0.5 + 0.1 * len(running)
    for process, job in zip(running, jobs, strict=False):
        assert process.stdin is not None  # noqa: S101  (asked for above)
        process.stdin.write(json.dumps({**job, "start_at": started_at}))
        process.stdin.close()
        process.stdin = None
    whole = Seen(seconds=seconds)
    for process in running:
        answer = json.loads(process.communicate(timeout=seconds + TIMEOUT_S + 10)[0])
        whole.waits_ms += answer["waits_ms"]
        for what, count in answer["wrong"].items():
            whole.wrong[what] = whole.wrong.get(what, 0) + count
    return whole


class Connection:
    """One kept-alive connection. Reads an answer by its Content-Length, which every page of elearn has."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address, timeout=TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, wanted: bytes) -> tuple[int, bytes, bytes]:
        """Send a request; return (status, head, body). Raises OSError when the other end is gone."""
        self._socket.sendall(wanted)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        size = _length(head)
        while len(body) < size:
            body += self._more()
        return int(head[9:12]), head, body

    def _more(self) -> bytes:
        part = self._socket.recv(READ_BYTES)
        if not part:
            raise ConnectionResetError("the server closed the connection")
        return part

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _repeat(job: dict[str, Any], texts: list[str], seen: Seen) -> None:
    requests = [text.encode() for text in texts]
    connection = Connection(tuple(job["address"]))
    time.sleep(max(0.0, job["start_at"] - time.time()))
    end = time.perf_counter() + job["seconds"]
    number = 0
    try:
        while time.perf_counter() < end:
            begun = time.perf_counter()
            status, _, _ = connection.ask(requests[number % len(requests)])
            number += 1
            if status == job["status"]:
                seen.waits_ms.append((time.perf_counter() - begun) * 1000)
            else:
                seen.wrong[str(status)] = seen.wrong.get(str(status), 0) + 1
    except OSError as error:
        seen.wrong[str(error)] = seen.wrong.get(str(error), 0) + 1
    finally:
        connection.close()


def main() -> None:
    """Do the job on standard input."""
    job = json.load(sys.stdin)
    seen = Seen()
    threads = [threading.Thread(target=_repeat, args=(job, texts, seen)) for texts in job["connections"]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump({"waits_ms": seen.waits_ms, "wrong": seen.wrong}, sys.stdout)


if __name__ == "__main__":
    main()
