"""The id of the certificate that stands in place of another one.

It follows from the id of the one replaced, so that two nodes which issue the same certificate anew without a line
between them give it one number, and nobody holds two good certificates of one pass.
"""

from uuid import UUID, uuid5

_NAMESPACE = UUID("6f1d9a52-0c1b-5c7e-9a41-2b8f5d3e7c60")


def replacement_id(certificate_id: str) -> str:
    """Return the id of the certificate issued anew. certificate_id: uuid as text, of the one it replaces."""
    return str(uuid5(_NAMESPACE, str(UUID(certificate_id))))
