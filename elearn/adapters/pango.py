"""Making Pango loadable for WeasyPrint: the system's own, or the one that set-up unpacked without root.

WeasyPrint opens its libraries by soname when it is first imported, so ask ``find_pango`` before that, in the very
process that draws. An unpacked library lies where the loader does not look; once it is loaded by its path, the loader
answers a later request for its soname with it.
"""

import ctypes
import os
import sys
from pathlib import Path

NEEDED = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)
# Without it certificates are drawn all the same, four times slower.
WELCOME = ("libharfbuzz-subset.so.0",)


def find_pango(unpacked: Path | None = None) -> str | None:
    """Make Pango loadable in this process. Return None if it is, else one line saying what is missing.

    unpacked: the folder with libraries unpacked beside the system's; by default ELEARN_PANGO, else ``pango`` in the
    virtual environment. The system's own libraries come first. Asking again costs next to nothing.
    """
    if not _missing(NEEDED + WELCOME):
        return None
    folder = unpacked or Path(os.environ.get("ELEARN_PANGO") or Path(sys.prefix) / "pango")
    if folder.is_dir():
        _preload(folder)
    missing = _missing(NEEDED)
    return f"missing: {', '.join(missing)}" if missing else None


def _missing(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if not _loads(name)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True


def _preload(folder: Path) -> None:
    """Load every library of a folder, each after those it needs.

    The order is found by trying: a library whose needs are not loaded yet is refused by the loader, and is tried again
    in the next round, until a round loads nothing more.
    """
    waiting = sorted(folder.rglob("lib*.so.*"))
    while waiting:
        # By name first: the system may have this one, and two copies of a library do not know of each other.
        refused = [path for path in waiting if not (_loads(path.name) or _loads(str(path)))]
        if len(refused) == len(waiting):
            break
        waiting = refused
    for words in folder.rglob("thbrk.tri"):
        # Pango breaks Thai lines with this dictionary, and looks for it in /usr/share only.
        os.environ.setdefault("LIBTHAI_DICTDIR", str(words.parent))
