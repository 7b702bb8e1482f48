"""Calls another node over HTTP: one request, one bounded answer, no redirects, and plain words for "no line"."""

import time
from typing import Any

from elearn.core.sync.talk import Answer
from elearn.core.vocab.errors import Unavailable

CONNECT_S = 10
READ_S = 60
WHOLE_CALL_S = 300
LARGEST_ANSWER_BYTES = 8 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_HEADERS = {"User-Agent": "elearn", "Accept-Encoding": "identity", "Accept": None, "Connection": None}
"""None: not sent. An exchange with nothing to do is to stay under one kilobyte."""


class HttpPeer:
    """The port `Peer` by `requests`. A call opens its own connection: a minute lies between two exchanges."""

    def call(self, url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send one request and return the answer, whatever its status.

        url: of the node, without a slash at the end. Raises Unavailable("peer.no-line", reason=) if there is no line or
        it was cut, Unavailable("peer.strange-answer", reason=) for a redirect or an endless answer.
        """
        import requests  # a fifth of a second, and only exchanges need it

        started = time.monotonic()
        try:
            with (
                requests.Session() as session,
                session.request(
                    method,
                    url + path,
                    data=body,
                    headers={**headers, **_HEADERS},
                    timeout=(CONNECT_S, READ_S),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                if response.is_redirect:
                    raise Unavailable("peer.strange-answer", reason=f"redirected with status {response.status_code}")
                if not ("Content-Length" in response.headers or "Transfer-Encoding" in response.headers):
                    # A node always says how long its answer is: the line was cut among the headers.
                    raise Unavailable("peer.no-line", reason="the answer was cut")
                return Answer(response.status_code, dict(response.headers), _read(response, started))
        except requests.RequestException as error:
            raise Unavailable("peer.no-line", reason=_reason(error)) from error
        except UnicodeError as error:  # a host name that can't be looked up
            raise Unavailable("peer.no-line", reason=str(error)) from error


def _read(response: Any, started: float) -> bytes:
    """Return the body. One that is endless, or comes drop by drop, is given up."""
    data = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        data += chunk
        if len(data) > LARGEST_ANSWER_BYTES:
            raise Unavailable("peer.strange-answer", reason=f"more than {LARGEST_ANSWER_BYTES} bytes")
        if time.monotonic() - started > WHOLE_CALL_S:
            raise Unavailable("peer.no-line", reason=f"not finished after {WHOLE_CALL_S} s")
    return bytes(data)


def _reason(error: Exception) -> str:
    """Return the innermost reason, without urllib3's wrapping: it is read by administrators."""
    inner: BaseException = error
    while True:
        below = getattr(inner, "reason", None) or next(
            (one for one in inner.args if isinstance(one, BaseException)), None
        )
        if not isinstance(below, BaseException) or below is inner:
            break
        inner = below
    return str(inner).split(": ", 1)[-1] or type(error).__name__
