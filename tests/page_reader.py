"""Reads a page as a browser does, for tests that look at its languages and at what would run in it."""

from html.parser import HTMLParser


class Reader(HTMLParser):
    """Reads a page as a browser does: which letters stand under which lang, what would run or load."""

    VOID = ("meta", "link", "input", "br", "img", "hr")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.stack = [("", "")]
        self.tags: set[str] = set()
        self.texts: list[tuple[str, str]] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        lang = given.get("lang") or self.stack[-1][1]
        self.tags.add(lang)
        if tag == "script" and "src" not in given:
            self.inline.append("script")
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag not in self.VOID:
            self.stack.append((tag, lang))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        while len(self.stack) > 1 and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.stack[-1][1], data.strip()))
