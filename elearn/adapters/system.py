"""The machine's clock, chance, passwords and keys."""

import hashlib
import os
import secrets
import threading
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from elearn.core.vocab.errors import Unavailable

KEY_FILE = "node.key"
_AT_ONCE = 2


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the time, aware, UTC."""
        return datetime.now(UTC)


class RandomIds:
    """Chance from the operating system."""

    def new(self) -> str:
        """Return a fresh random uuid4 as text."""
        return str(uuid4())

    def secret(self, size_bytes: int) -> str:
        """Return an unguessable url-safe text with this many bytes of entropy."""
        return secrets.token_urlsafe(size_bytes)

    def seed(self) -> int:
        """Return a random integer 0 <= n < 2**53, what JSON carries unharmed."""
        return secrets.randbits(53)


class Argon2Passwords:
    """argon2id with OWASP's parameters for small machines (19 MiB, two rounds).

    Two at once and no more: forty officers who sign in at eight would otherwise take 760 MB.
    """

    def __init__(self, memory_kib: int = 19456, rounds: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def hash(self, pin: str) -> str:
        """Return a salted argon2id hash."""
        with self._turns:
            return self._hasher.hash(pin)

    def matches(self, pin: str, hashed: str) -> bool:
        """Tell whether the PIN is the one hashed; for a hash of "" compare with nobody's, which takes as long."""
        against = hashed or self._nobodys
        try:
            with self._turns:
                return self._hasher.verify(against, pin) and bool(hashed)
        except (VerificationError, InvalidHashError):
            return False

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(16))


class Ed25519Keys:
    """A node's key in memory."""

    def __init__(self, private_key: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(private_key)
        self._public = self._private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        """Return the first 16 hex digits of the public key's SHA-256."""
        return hashlib.sha256(self._public).hexdigest()[:16]

    @property
    def public_key(self) -> bytes:
        """Return the 32 raw bytes."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of a signature."""
        return self._private.sign(message)

    def check(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature is right; False for malformed keys too."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True


class FileKeys(Ed25519Keys):
    """The node's key, in `node.key` in its data folder (mode 0600): 64 hex digits, made at first start.

    Raises Unavailable("key.damaged" | "key.unreadable", path=). A lost key cannot be made again: certificates signed
    with it stay valid, but the hub must enrol the node anew.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / KEY_FILE
        try:
            _make_key(path)
            text = path.read_text("ascii").strip()
        except UnicodeDecodeError:
            text = ""
        except OSError as error:
            raise Unavailable("key.unreadable", path=str(path), reason=str(error)) from error
        try:
            super().__init__(bytes.fromhex(text))
        except ValueError:
            raise Unavailable("key.damaged", path=str(path)) from None


def _make_key(path: Path) -> None:
    """Write a new key unless there is one. Whole or not at all, and never over another process's."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half_made = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    handle = os.open(half_made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        _link_once(half_made, path)
    finally:
        half_made.unlink()


def _link_once(half_made: Path, path: Path) -> None:
    try:
        path.hardlink_to(half_made)
    except FileExistsError:
        return  # another process was faster: its key is the node's
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
