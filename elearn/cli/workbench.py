"""What every command is handed: where things lie, and how to get a node or its web app."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elearn.core.vocab.nodes import NodeKind
from elearn.ports import CourseFiles, Store
from elearn.services.node import Node
from elearn.settings import Settings, settings_from


@dataclass(frozen=True)
class Workbench:
    """root: the checkout; environment: of the process; the functions come from the floors above."""

    root: Path
    environment: dict[str, str]
    build_node: Callable[[Settings], Node]
    create_app: Callable[[Node], Any]
    courses_in: Callable[[Path, Path], CourseFiles]
    open_store: Callable[[Settings], Store]

    def settings(self, kind: NodeKind = NodeKind.POST, demo: bool = False) -> Settings:
        """Return this process's settings for a node of the kind."""
        return settings_from(self.environment, self.root, kind, demo)

    def course_files(self) -> CourseFiles:
        """Return the course folders and term lists, without a node: checking a course needs no data folder."""
        settings = self.settings()
        return self.courses_in(settings.courses, settings.translations)

    @contextmanager
    def node(self, kind: NodeKind = NodeKind.POST, demo: bool = False) -> Iterator[Node]:
        """Give a node and close it afterwards."""
        node = self.build_node(self.settings(kind, demo))
        try:
            yield node
        finally:
            node.store.close()
