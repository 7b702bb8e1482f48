"""Where other nodes knock: no pages, no cookies, no forms; every request and every answer is signed."""

import logging

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from elearn.core.sync.talk import LARGEST_BODY_BYTES, TOO_LARGE, Asked, refusal
from elearn.core.vocab.errors import ElearnError, Invalid, Unavailable
from elearn.services.answer import answer
from elearn.web.context import current_node

log = logging.getLogger("elearn.peer")

room = Blueprint("peer", __name__, url_prefix="/peer")


@room.post("/<errand>")
def errand(errand: str) -> Response:
    """Hand the request to the service as it came, and give back what it says."""
    request.max_content_length = LARGEST_BODY_BYTES
    asked = Asked(request.method, request.path, dict(request.headers), request.get_data(cache=False))
    given = answer(current_node(), asked)
    if given.status >= 400:
        log.warning("%s refused with %s: %s", errand, given.status, given.body.decode())
    return Response(given.body, given.status, given.headers, content_type=given.kind)


@room.errorhandler(HTTPException)
def say_http_error(error: HTTPException) -> Response:
    """Tell of a request that was refused before it was read. Not signed: there was nobody to answer to yet."""
    if isinstance(error, RequestEntityTooLarge):
        return _refused(Invalid(TOO_LARGE, most_bytes=LARGEST_BODY_BYTES))
    return _refused(Invalid("peer.unreadable", reason=error.name))


@room.errorhandler(ElearnError)
def say_error(error: ElearnError) -> Response:
    """Tell of a disk or database that failed."""
    return _refused(error)


@room.errorhandler(Exception)
def say_unexpected(error: Exception) -> Response:
    """Tell that something went wrong inside; the details stay in the log."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _refused(Unavailable("peer.failed"))


def _refused(error: ElearnError) -> Response:
    status, body = refusal(error)
    return Response(body, status, content_type="application/json")
