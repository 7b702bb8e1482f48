"""The machine's clock, chance, passwords and keys."""

import fcntl
import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from elearn.core.vocab.errors import Unavailable
from elearn.ports import Keys

KEY_FILE = "node.key"
NEXT_KEY_FILE = "node.key.next"
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
        self._have(Ed25519PrivateKey.from_private_bytes(private_key))

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

    def present(self) -> Keys:
        """Return the key as it is now, which stays what it is when the node gets another."""
        return Ed25519Keys(self._private.private_bytes_raw())

    def renew(self, adopt: Callable[[Keys], None]) -> None:
        """Put a new key in force, once ``adopt`` has kept it."""
        fresh = Ed25519PrivateKey.generate()
        adopt(Ed25519Keys(fresh.private_bytes_raw()))
        self._have(fresh)

    def settle(self, adopted: Callable[[Keys], bool]) -> bool:  # noqa: ARG002
        """Do nothing: what is in memory only was never cut off half-way."""
        return False

    def _have(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._public = private.public_key().public_bytes_raw()


class FileKeys:
    """The node's key, in `node.key` in its data folder (mode 0600): 64 hex digits, made at first start.

    The file is looked at before each use, for another process (`elearn keys renew`) may have renewed the key.
    Raises Unavailable("key.damaged" | "key.unreadable", path=). A lost key cannot be made again: certificates signed
    with it stay valid, but the hub must enrol the node anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._path, self._next_path = folder, folder / KEY_FILE, folder / NEXT_KEY_FILE
        try:
            _make_key(self._path)
        except OSError as error:
            raise Unavailable("key.unreadable", path=str(self._path), reason=str(error)) from error
        self._held = _read_key(self._path)

    @property
    def key_id(self) -> str:
        """Return the first 16 hex digits of the public key's SHA-256."""
        return self.present().key_id

    @property
    def public_key(self) -> bytes:
        """Return the 32 raw bytes."""
        return self.present().public_key

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of a signature."""
        return self.present().sign(message)

    def check(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature is right; False for malformed keys too."""
        return self._held[1].check(public_key, message, signature)

    def present(self) -> Keys:
        """Return the key as it is now, which stays what it is when the node gets another."""
        if _state_of(self._path) != self._held[0]:
            self._held = _read_key(self._path)
        return self._held[1]

    def renew(self, adopt: Callable[[Keys], None]) -> None:
        """Put a new key in force, once ``adopt`` has kept it. Then the old private key is overwritten and gone.

        Cut off before ``adopt`` has returned, nothing has changed; cut off after it, `settle` goes on.
        """
        with self._alone():
            self._next_path.unlink(missing_ok=True)
            _write_key(self._next_path)
            _sync_folder(self._folder)
            adopt(_read_key(self._next_path)[1])
            self._put_in_force()

    def settle(self, adopted: Callable[[Keys], bool]) -> bool:
        """Finish a renewal that was cut off, or drop it unless its key was ``adopted``; tell whether there was one."""
        if not self._next_path.exists():
            return False
        with self._alone():
            if not self._next_path.exists():
                return False  # it was not cut off: another process was at it, and is ready now
            if self._next_is(adopted):
                self._put_in_force()
            else:
                self._next_path.unlink()
        return True

    def _next_is(self, adopted: Callable[[Keys], bool]) -> bool:
        try:
            return adopted(_read_key(self._next_path)[1])
        except Unavailable:
            return False  # half written: then it cannot have been adopted

    def _put_in_force(self) -> None:
        with self._path.open("r+b") as old:
            self._next_path.replace(self._path)
            _sync_folder(self._folder)
            # Its name leads to the new key now; on a disk that writes in place nothing of the old one is left.
            size = old.seek(0, os.SEEK_END)
            old.seek(0)
            old.write(b"0" * size)
            old.flush()
            os.fsync(old.fileno())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from renewing, or tidying up after this one, at the same time."""
        try:
            handle = os.open(self._folder, os.O_RDONLY)
        except OSError as error:
            raise Unavailable("key.unreadable", path=str(self._path), reason=str(error)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        except OSError as error:
            raise Unavailable("key.unwritable", path=str(self._path), reason=str(error)) from error
        finally:
            os.close(handle)


def _state_of(path: Path) -> tuple[int, int]:
    """Return what tells one file under a name from the next."""
    try:
        found = path.stat()
    except OSError as error:
        raise Unavailable("key.unreadable", path=str(path), reason=str(error)) from error
    return found.st_ino, found.st_mtime_ns


def _read_key(path: Path) -> tuple[tuple[int, int], Ed25519Keys]:
    """Return a key from its file, with what the file looked like before it was read."""
    state = _state_of(path)
    try:
        text = path.read_text("ascii").strip()
    except UnicodeDecodeError:
        text = ""
    except OSError as error:
        raise Unavailable("key.unreadable", path=str(path), reason=str(error)) from error
    try:
        return state, Ed25519Keys(bytes.fromhex(text))
    except ValueError:
        raise Unavailable("key.damaged", path=str(path)) from None


def _make_key(path: Path) -> None:
    """Write a new key unless there is one. Whole or not at all, and never over another process's."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half_made = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    try:
        _write_key(half_made)
        _link_once(half_made, path)
    finally:
        half_made.unlink(missing_ok=True)


def _write_key(path: Path) -> None:
    """Write a new key into a new file, for the owner only."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
        file.flush()
        os.fsync(file.fileno())


def _link_once(half_made: Path, path: Path) -> None:
    try:
        path.hardlink_to(half_made)
    except FileExistsError:
        return  # another process was faster: its key is the node's
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
