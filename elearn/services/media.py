"""Picture files of published courses, by their digest. What has a row was published once, and is never taken away."""

import re
from dataclasses import dataclass

from elearn.core.content.raster import KINDS
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import MEDIA
from elearn.services.node import Node

_NAME = re.compile(rf"([0-9a-f]{{64}})\.({'|'.join(KINDS)})")


@dataclass(frozen=True)
class Picture:
    """A picture file. content_type: such as image/png."""

    content_type: str
    content: bytes


def published_picture(node: Node, name: str) -> Picture:
    """Return a picture of a published course. name: digest and kind, such as ``3fa2...e1.webp``.

    Raises NotFound("media.unknown", name=).
    """
    match = _NAME.fullmatch(name)
    if match:
        with node.store.reading() as tx:
            row = tx.tables.get(MEDIA, match[1])
        if row and row["kind"] == match[2]:
            return Picture(KINDS[match[2]], row["content"])
    raise NotFound("media.unknown", name=name[:80])
