"""Course folders on disk, as bytes."""

import re
from pathlib import Path

from elearn.core.content.terms import TERMS
from elearn.core.vocab.errors import NotFound, Unavailable
from elearn.core.vocab.languages import LANGUAGES

_COURSE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class FolderCourses:
    """The port `CourseFiles` over one folder: each folder in it is a course, named by its id.

    A course id comes from addresses too, so it is looked at before it becomes a path; links that lead out of a
    course's folder are not followed. Hidden files are left out.
    """

    def __init__(self, folder: Path, translations: Path | None = None) -> None:
        """Take the folder of the courses and the one of translations, whose term lists courses are held to."""
        self._folder = folder
        self._translations = translations

    def courses(self) -> list[str]:
        """Return the course ids, sorted. Raises Unavailable("courses.unreadable", path=, reason=)."""
        try:
            there = [path.name for path in self._folder.iterdir() if path.is_dir()]
        except OSError as error:
            raise _unreadable(self._folder, error) from error
        return sorted(name for name in there if _COURSE_ID.fullmatch(name))

    def read(self, course: str) -> dict[str, bytes]:
        """Return relative path -> content of every file of a course.

        Raises NotFound("course.unknown", course=), Unavailable("courses.unreadable", path=, reason=).
        """
        folder = self._folder / course
        if not _COURSE_ID.fullmatch(course) or not folder.is_dir():
            raise NotFound("course.unknown", course=course)
        inside = folder.resolve()
        contents: dict[str, bytes] = {}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            hidden = any(part.startswith(".") for part in name.parts)
            if not hidden and path.is_file() and path.resolve().is_relative_to(inside):
                contents[name.as_posix()] = _read(path)
        return contents

    def terms(self) -> dict[str, bytes]:
        """Return language -> content of its term list. Raises Unavailable("courses.unreadable", path=, reason=)."""
        if self._translations is None:
            return {}
        paths = {tag: self._translations / tag / TERMS for tag in LANGUAGES}
        return {tag: _read(path) for tag, path in paths.items() if path.is_file()}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> Unavailable:
    return Unavailable("courses.unreadable", path=str(path), reason=str(error))
