"""What is sealed to a node, by age (X25519): its private keys in `courier.key`, and sealing to others.

Not the key the node signs with: one key, one purpose, and a file made for the old key can still be opened after the
other one was renewed. The newest key is the one others are told; the four before it still open what was under way.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from elearn.core.vocab.errors import Invalid, Refused, Unavailable

KEY_FILE = "courier.key"
KEPT = 5
_PREFIX = "AGE-SECRET-KEY-1"


class AgeBox:
    """A node's keys in memory. keys: the newest first, as age writes them."""

    def __init__(self, keys: list[str] | None = None) -> None:
        self._keys = keys or [_new_key()]

    def recipient(self) -> str:
        """Return what others seal to."""
        return str(_identity(self._held()[0]).to_public())

    def seal(self, recipient: str, content: bytes) -> bytes:
        """Return what only the recipient can open."""
        from pyrage import RecipientError, encrypt, x25519  # a node that never makes a file need not load it

        try:
            return bytes(encrypt(content, [x25519.Recipient.from_str(recipient)]))
        except RecipientError:
            raise Invalid("box.recipient", recipient=recipient[:80]) from None

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed to this node."""
        from pyrage import DecryptError, decrypt

        try:
            return bytes(decrypt(sealed, [_identity(key) for key in self._held()]))
        except DecryptError as error:
            if "matching keys" in str(error):
                raise Refused("courier.other-key") from None
            raise Invalid("courier.damaged", reason=str(error)) from None

    def renew(self) -> None:
        """Have others seal to a new key from now on."""
        self._keep([_new_key(), *self._held()][:KEPT])

    def _held(self) -> list[str]:
        return self._keys

    def _keep(self, keys: list[str]) -> None:
        self._keys = keys


class FileBox(AgeBox):
    """The keys in `courier.key` in the data folder (mode 0600), a line each, made when first asked for.

    Raises Unavailable("key.damaged" | "key.unreadable" | "key.unwritable", path=).
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(["not read yet"])
        self._path = folder / KEY_FILE

    def _held(self) -> list[str]:
        if not self._path.exists():
            self._make()
        with _reading(self._path):
            lines = self._path.read_bytes().decode("ascii", errors="replace").split()
        if not lines or not all(line.startswith(_PREFIX) for line in lines):
            raise Unavailable("key.damaged", path=str(self._path))
        return lines

    def _make(self) -> None:
        """Make the first key, never over another process's."""
        half_made = self._written([_new_key()])
        with _writing(self._path):
            try:
                self._path.hardlink_to(half_made)
            except FileExistsError:
                pass
            finally:
                half_made.unlink(missing_ok=True)

    def _keep(self, keys: list[str]) -> None:
        half_made = self._written(keys)
        with _writing(self._path):
            half_made.replace(self._path)

    def _written(self, keys: list[str]) -> Path:
        path = self._path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
        with _writing(self._path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write("\n".join(keys) + "\n")
                file.flush()
                os.fsync(file.fileno())
        return path


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable("key.unreadable", path=str(path), reason=str(error)) from error


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable("key.unwritable", path=str(path), reason=str(error)) from error


def _new_key() -> str:
    from pyrage import x25519

    return str(x25519.Identity.generate())


def _identity(key: str) -> Any:
    from pyrage import IdentityError, x25519

    try:
        return x25519.Identity.from_str(key)
    except IdentityError:
        raise Unavailable("key.damaged", path=KEY_FILE) from None
