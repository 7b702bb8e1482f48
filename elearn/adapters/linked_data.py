"""JSON-LD to canonical N-Quads (RDFC-1.0) by pyld, with contexts from the folder `contexts` and from nowhere else.

pyld brings lxml along (20 MB): it is loaded when the first credential is checked, never by a post that only teaches.
"""

import json
import threading
from pathlib import Path
from typing import Any

from elearn.core.vocab.errors import Invalid

FOLDER = Path(__file__).resolve().parent / "contexts"
BUNDLED = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-3.0.3.json",
}


class BundledLinkedData:
    """Fulfils ports.LinkedData. Safe in threads. more: contexts beside the bundled ones, address -> document."""

    def __init__(self, more: dict[str, Any] | None = None) -> None:
        self._documents: dict[str, Any] = dict(more or {})
        self._lock = threading.Lock()

    def canonical(self, document: dict[str, Any]) -> str:
        """Return the canonical N-Quads of a JSON-LD document. Raises Invalid("credential.form")."""
        from pyld import jsonld

        options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": self._loaded}
        try:
            with self._lock:  # its cache of contexts is one for all threads
                quads = jsonld.normalize(document, options)
        except (jsonld.JsonLdError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Invalid("credential.form", part="JSON-LD", reason=str(error)[:200]) from None
        return str(quads)

    def _loaded(self, address: str, _options: Any) -> dict[str, Any]:
        """Give out a bundled context. Raises KeyError for every other address: nothing is fetched."""
        if address not in self._documents:
            self._documents[address] = json.loads((FOLDER / BUNDLED[address]).read_text("utf-8"))
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": address,
            "document": self._documents[address],
        }
