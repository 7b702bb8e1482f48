"""A credential put into the PDF it speaks of: it names the digest of all the rest, so that not one byte can be changed.

The press leaves a place of blanks (the attachment `credential.json`, not compressed) and a checksum of zeros. The
digest is taken of that file, the credential with the digest in it is signed, and written over the blanks with its
checksum. Who checks puts blanks and zeros back and takes the digest again.
"""

import hashlib
from collections.abc import Callable

CREDENTIAL = "credential.json"
NO_CHECKSUM = b"0" * 32
SPARE = 16
"""Bytes by which two signatures of one credential may differ in length, and more."""


def place_for(credential: Callable[[bytes], str]) -> str:
    """Return as many blanks as the signed credential can be long."""
    return " " * (len(credential(bytes(32)).encode()) + SPARE)


def sealed(pdf: bytes, place: str, credential: Callable[[bytes], str]) -> bytes:
    """Return the PDF with its credential in it. place: the blanks the press was given; credential: digest -> JSON.

    Raises ValueError if the place is not in the file exactly once.
    """
    blanks = _framed(place.encode())
    checksum = b"/CheckSum <" + NO_CHECKSUM + b">"
    if pdf.count(blanks) != 1 or pdf.count(checksum) != 1:
        raise ValueError("no one place for the credential")
    text = credential(hashlib.sha256(pdf).digest()).encode()
    content = text.ljust(len(place))
    return pdf.replace(blanks, _framed(content)).replace(checksum, b"/CheckSum <" + _checksum(content) + b">")


def digest_of_sealed(pdf: bytes, content: bytes) -> bytes:
    """Return the digest a PDF had before its credential was put in, b"" if it was not put in here as above.

    content: of the attachment, to the byte.
    """
    framed = _framed(content)
    checksum = b"/CheckSum <" + _checksum(content) + b">"
    if pdf.count(framed) != 1 or pdf.count(checksum) != 1:
        return b""
    blank = pdf.replace(framed, _framed(b" " * len(content))).replace(checksum, b"/CheckSum <" + NO_CHECKSUM + b">")
    return hashlib.sha256(blank).digest()


def _framed(content: bytes) -> bytes:
    return b"stream\n" + content + b"\nendstream"


def _checksum(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).hexdigest().encode()
