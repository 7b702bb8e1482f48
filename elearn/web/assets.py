"""Static files as few, small, cacheable answers: two style sheets, named by their digests, compressed once.

A style sheet is its files of SHEETS joined at start; there is no build step and nothing to forget.
"""

import gzip
import hashlib
import re
from graphlib import TopologicalSorter
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

STATIC = Path(__file__).parent / "static"
SHEETS = {
    "style.css": (
        "tokens.css",
        "display.css",
        "fonts.css",
        "base.css",
        "shell.css",
        "forms.css",
        "cards.css",
        "question.css",
        "result.css",
        "verify.css",
        "print.css",
    ),
    "inside.css": (
        "lesson.css",
        "lesson_tools.css",
        "kinds.css",
        "satisfaction.css",
        "search.css",
        "tables.css",
        "sheets.css",
        "figures.css",
        "print.css",
    ),
}
"""Sheet -> its files, in their order. The first is all a visitor needs; the second, behind it, is for who is signed in:
the first page has to come over a thin line. Paper has the last word in both."""
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
YEAR_S = 31_536_000
_IMPORT = re.compile(r'^import .* from "\./([^"]+)";', re.MULTILINE)


class Assets:
    """All static files in memory with their digests (under 2 MB together)."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.zipped: dict[str, bytes] = {}
        self.digests: dict[str, str] = {}
        for path in sorted(STATIC.rglob("*")):
            if path.is_file() and path.suffix in TYPES and path.suffix not in (".css", ".js"):
                self._add(path.relative_to(STATIC).as_posix(), path.read_bytes())
        for path in _imported_first(STATIC / "js"):
            self._add(f"js/{path.name}", self._with_digests(path.read_bytes()))
        for sheet, files in SHEETS.items():
            style = b"\n".join((STATIC / "css" / name).read_bytes() for name in files)
            self._add(sheet, self._with_digests(style))

    def _add(self, name: str, content: bytes) -> None:
        self.content[name] = content
        self.digests[name] = hashlib.sha256(content).hexdigest()[:12]
        if not name.endswith((".woff2", ".png")):
            self.zipped[name] = gzip.compress(content, 9, mtime=0)

    def _with_digests(self, content: bytes) -> bytes:
        """Point url(../fonts/x) and "./x.js" at digest-named addresses: what a file loads is cached for good too."""
        text = content.decode()
        for name, digest in self.digests.items():
            text = text.replace(f"url(../{name})", f"url(/static/{digest}/{name})")
            text = text.replace(f'"./{name.removeprefix("js/")}"', f'"/static/{digest}/{name}"')
        return text.encode()

    def url(self, name: str) -> str:
        """Return the address of a static file; it changes when the file does."""
        return url_for("asset", digest=self.digests[name], name=name)

    def answer(self, digest: str, name: str) -> Response:
        """Return the file; for ever cacheable when asked by its right digest."""
        if name not in self.content:
            abort(404)
        response = Response(self.content[name], content_type=TYPES["." + name.rsplit(".", 1)[1]])
        if name in self.zipped and "gzip" in request.headers.get("Accept-Encoding", ""):
            response.set_data(self.zipped[name])
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        if digest == self.digests[name]:
            response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
        else:
            response.headers["Cache-Control"] = "no-cache"
        return response


def _imported_first(folder: Path) -> list[Path]:
    """Return the modules, each after those it imports: its digest must cover theirs."""
    waiting = {path.name: path for path in sorted(folder.glob("*.js"))}
    imports = {name: set(_IMPORT.findall(path.read_text())) for name, path in waiting.items()}
    return [waiting[name] for name in TopologicalSorter(imports).static_order()]


def use_assets(app: Flask) -> None:
    """Serve static files at /static/<digest>/<name> and give templates `asset('name')`."""
    assets = Assets()
    app.add_url_rule("/static/<digest>/<path:name>", "asset", assets.answer)
    app.jinja_env.globals["asset"] = assets.url
