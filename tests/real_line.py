"""Two real programs and a real line between them: apps on sockets, data in folders, and a proxy that cuts."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cast import postgres_node, sqlite_node
from waitress.server import create_server

from elearn.adapters.http_peer import HttpPeer
from elearn.adapters.system import FileKeys
from elearn.app import create_app
from elearn.core.vocab.nodes import NodeKind
from elearn.services.node import Node, keep_fact

_AT_ONCE = 256  # small pieces, so that a cut falls where it should


@contextmanager
def node_in(
    folder: Path, *, kind: NodeKind = NodeKind.POST, series: int = 0, database: str = "", **changes: Any
) -> Iterator[Node]:
    """Give a node on disk, or in a PostgreSQL database, with a key file and a real line, and close it."""
    name = {NodeKind.HUB: "Vientiane"}.get(kind, "Huay Xai")
    real: dict[str, Any] = {"keys": FileKeys(folder), "peer": HttpPeer(), **changes}
    if database:
        node = postgres_node(database, folder, kind=kind, series=series, **real)
    else:
        node = sqlite_node(folder, kind=kind, series=series, **real)
    node.store.write(lambda tx: keep_fact(tx, "name", name))
    try:
        yield node
    finally:
        node.store.close()


@contextmanager
def served(node: Node, port: int = 0) -> Iterator[int]:
    """Serve the node's app as `serve` does; give its port."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(16)
    server = create_server(create_app(node), sockets=[listening], threads=4, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def stop() -> None:
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.close()

    try:
        yield listening.getsockname()[1]
    finally:
        server.trigger.pull_trigger(stop)
        thread.join(10)
        server.task_dispatcher.shutdown()


@dataclass
class Proxy:
    """Hands bytes on, in both directions, until it is told to stop.

    up_left, down_left: how many bytes may still pass to the hub, and back; None = all. stall: stop by silence, as a
    dead radio link does, not by closing. up, down: what passed; stopped: set when a limit was reached.
    """

    to_port: int
    up_left: int | None = None
    down_left: int | None = None
    stall: bool = False
    port: int = 0
    up: bytearray = field(default_factory=bytearray)
    down: bytearray = field(default_factory=bytearray)
    stopped: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _ends: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        """Listen until the end of the block."""
        listening = socket.create_server(("127.0.0.1", 0))
        listening.settimeout(0.05)
        self.port = listening.getsockname()[1]
        accepting = threading.Thread(target=self._accept, args=(listening,), daemon=True)
        accepting.start()
        try:
            yield self
        finally:
            self._ended.set()
            accepting.join(10)
            listening.close()
            for end in self._ends:
                _close(end)
            for thread in self._threads:
                thread.join(10)

    def _accept(self, listening: socket.socket) -> None:
        while not self._ended.is_set():
            try:
                near, _ = listening.accept()
            except TimeoutError:
                continue
            near.settimeout(None)
            far = socket.create_connection(("127.0.0.1", self.to_port))
            self._ends += [near, far]
            for way, source, target in (("up", near, far), ("down", far, near)):
                thread = threading.Thread(target=self._hand_on, args=(way, source, target), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _hand_on(self, way: str, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(_AT_ONCE):
                left = getattr(self, f"{way}_left")
                passing = data if left is None else data[:left]
                getattr(self, way).extend(passing)
                target.sendall(passing)
                if left is not None:
                    setattr(self, f"{way}_left", left - len(passing))
                    if len(passing) < len(data):
                        break
            else:
                target.shutdown(socket.SHUT_WR)
                return
        except OSError:  # one end is dead: the other must not wait for it
            _shut(source)
            _shut(target)
            return
        self.stopped.set()
        if not self.stall:
            _shut(source)
            _shut(target)


def _shut(end: socket.socket) -> None:
    """End both ways; unlike close() it also wakes a thread that waits in recv()."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def _close(end: socket.socket) -> None:
    _shut(end)
    end.close()
