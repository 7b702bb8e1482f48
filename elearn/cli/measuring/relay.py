"""Stands between two nodes and counts the bytes of both directions, headers too."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

_READ_BYTES = 65_536
_LOOK_S = 0.1


@dataclass
class Relay:
    """port: to connect to; up, down: bytes that passed to the other side, and back."""

    port: int = 0
    up: int = 0
    down: int = 0

    @property
    def total(self) -> int:
        """Return the bytes of both directions."""
        return self.up + self.down


@contextmanager
def relay_to(address: tuple[str, int]) -> Iterator[Relay]:
    """Hand on what comes, until the end of the block."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(_LOOK_S)
    relay, ended = Relay(listening.getsockname()[1]), threading.Event()
    accepting = threading.Thread(target=_accept, args=(relay, listening, address, ended), daemon=True)
    accepting.start()
    try:
        yield relay
    finally:
        ended.set()
        accepting.join()
        listening.close()


def _accept(relay: Relay, listening: socket.socket, address: tuple[str, int], ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            near, _ = listening.accept()
        except TimeoutError:
            continue
        near.settimeout(None)
        try:
            far = socket.create_connection(address)
        except OSError:
            near.close()
            continue
        for end in (near, far):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_carry, args=(relay, near, far), daemon=True).start()


def _carry(relay: Relay, near: socket.socket, far: socket.socket) -> None:
    back = threading.Thread(target=_hand_on, args=(relay, "down", far, near), daemon=True)
    back.start()
    with near, far:
        _hand_on(relay, "up", near, far)
        back.join()


def _hand_on(relay: Relay, way: str, source: socket.socket, target: socket.socket) -> None:
    """Hand on until one side is done; then the other hears that too."""
    with suppress(OSError):
        while data := source.recv(_READ_BYTES):
            setattr(relay, way, getattr(relay, way) + len(data))
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
