"""The last step of a batch: its parts become one PDF or one ZIP. A process of its own, started by batch_room.

Nothing is held but the part at hand: a PDF is written object by object, each with a new number, so 1,000 certificates
take no more memory than 20. The PDF is for paper (no tags, no attachments); a ZIP holds the files as they are.
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import io
import os
import sys
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from elearn.adapters.batch_folder import BatchFolder, private
from elearn.core.credential.certificate_batch import ZIP, BatchPlan
from elearn.core.vocab.times import instant_of

_CATALOG, _PAGES = 1, 2
_LEFT_BEHIND = ("/Parent", "/StructParents", "/Tabs", "/Annots")
EARLIEST_IN_ZIP = 1980


def join(folder: BatchFolder) -> int:
    """Write the file of a batch whose parts are all there; return its bytes. OSError, ValueError without them."""
    plan = folder.plan()
    if plan is None:
        raise ValueError("no batch there")
    made = folder.made()
    if set(made) != set(range(len(plan.parts))):
        raise ValueError("parts are missing")
    parts = [made[number] for number in sorted(made) if made[number].size]
    path = folder.result_path(plan.form)
    half = path.with_name(f"{path.name}.half-{os.getpid()}")
    try:
        with open(half, "wb", opener=private) as out:
            if plan.form == ZIP:
                _zip(plan, [(one.name, folder.part_path(one.part)) for one in parts], out)
            else:
                _pdf(plan, [folder.part_path(one.part) for one in parts], out)
            out.flush()
            os.fsync(out.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    return path.stat().st_size


def _zip(plan: BatchPlan, files: list[tuple[str, Path]], out: BinaryIO) -> None:
    made_at = instant_of(plan.made_at).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        for name, path in files:
            # A clock of 1970 is nothing a ZIP can write down.
            entry = zipfile.ZipInfo(name, max(made_at, (EARLIEST_IN_ZIP, 1, 1, 0, 0, 0)))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            bundle.writestr(entry, path.read_bytes())


def _pdf(plan: BatchPlan, files: list[Path], out: BinaryIO) -> None:
    writing = _Writing(out)
    for path in files:
        writing.add(PdfReader(io.BytesIO(path.read_bytes())))
    writing.close(plan.title)


class _Writing:
    """A PDF on its way out: of what is written, only places are kept."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._places: dict[int, int] = {}
        self._same: dict[bytes, int] = {}
        self._next = _PAGES + 1
        self._pages: list[int] = []
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def add(self, reader: PdfReader) -> None:
        """Write the pages of a file and all they need."""
        moved: dict[tuple[int, int], int] = {}
        for page in reader.pages:
            bare = DictionaryObject({key: page.raw_get(key) for key in page if key not in _LEFT_BEHIND})
            made = self._moved(bare, moved, reader)
            made[NameObject("/Parent")] = IndirectObject(_PAGES, 0, None)
            number = self._number()
            self._pages.append(number)
            self._write(number, _bytes(made))

    def close(self, title: str) -> None:
        """Write the page tree, the catalog and the table of places."""
        kids = ArrayObject([IndirectObject(number, 0, None) for number in self._pages])
        tree = {"/Type": NameObject("/Pages"), "/Kids": kids, "/Count": NumberObject(len(kids))}
        self._write(_PAGES, _bytes(_dictionary(tree)))
        # Printed as large as it is: the QR code is meant to be 30 mm.
        viewing = _dictionary({"/PrintScaling": NameObject("/None")})
        catalog = {"/Type": NameObject("/Catalog"), "/Pages": IndirectObject(_PAGES, 0, None)}
        self._write(_CATALOG, _bytes(_dictionary({**catalog, "/ViewerPreferences": viewing})))
        info = self._number()
        named = {"/Title": TextStringObject(title), "/Creator": TextStringObject("elearn")}
        self._write(info, _bytes(_dictionary(named)))
        begins = self._out.tell()
        lines = [b"0000000000 65535 f \n", *(b"%010d 00000 n \n" % self._places[n] for n in range(1, self._next))]
        self._out.write(b"xref\n0 %d\n" % self._next + b"".join(lines))
        self._out.write(
            b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
            % (self._next, _CATALOG, info, begins)
        )

    def _number(self) -> int:
        self._next += 1
        return self._next - 1

    def _write(self, number: int, content: bytes) -> None:
        self._places[number] = self._out.tell()
        self._out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))

    def _moved(self, what: Any, moved: dict[tuple[int, int], int], reader: PdfReader) -> Any:
        """Return the object with new numbers in it; what it names is written, unless the very same is there already.

        So the ornaments of the border and a seal are in the file once, and not once a page.
        """
        if isinstance(what, IndirectObject):
            key = (what.idnum, what.generation)
            if key not in moved:
                moved[key] = self._kept(_bytes(self._moved(reader.get_object(what), moved, reader)))
            return IndirectObject(moved[key], 0, None)
        if isinstance(what, DictionaryObject):
            made: Any = type(what)() if isinstance(what, StreamObject) else DictionaryObject()
            for key in what:
                made[NameObject(key)] = self._moved(what.raw_get(key), moved, reader)
            if isinstance(what, StreamObject):
                made._data = what._data  # as it is, still compressed
            return made
        if isinstance(what, ArrayObject):
            return ArrayObject([self._moved(one, moved, reader) for one in list.__iter__(what)])
        return what

    def _kept(self, content: bytes) -> int:
        digest = hashlib.sha256(content).digest()
        if digest not in self._same:
            self._same[digest] = self._number()
            self._write(self._same[digest], content)
        return self._same[digest]


def _bytes(what: Any) -> bytes:
    out = io.BytesIO()
    what.write_to_stream(out)
    return out.getvalue()


def _dictionary(entries: dict[str, Any]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    os.nice(10)
    try:
        join(BatchFolder(given.folder))
    except OSError as error:
        sys.stdout.write("disk.full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "disk.failing")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
