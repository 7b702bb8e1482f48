"""Is this certificate good? Open to everyone: typed number, text of the QR code, a picture, a PDF, the camera."""

from flask import Blueprint, Response, jsonify, render_template, request

from elearn.core.vocab.errors import ElearnError, Invalid, Unavailable
from elearn.services import verify as verifying
from elearn.services import verify_file
from elearn.web.context import current_node
from elearn.web.locale import chosen_language
from elearn.web.phrases import sentence_for
from elearn.web.verify.answers import Answer, answer_to

room = Blueprint("verify", __name__)

LONGEST_TYPED = 4000


@room.after_request
def _let_camera(response: Response) -> Response:
    """Let this page alone ask the browser for the camera."""
    response.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return response


@room.route("/verify", methods=["GET", "POST"])
def verify() -> str | tuple[str, int]:
    """Show the ways to check a certificate, and the answer to what was sent by one of them."""
    answer: Answer | None = None
    error: ElearnError | None = None
    typed = request.form.get("typed", "")[:LONGEST_TYPED]
    if request.method == "POST":
        try:
            answer = answer_to(current_node(), _checked(typed))
        except (Invalid, Unavailable) as refused:
            error = refused
    sentence = sentence_for(error) if error else ""
    # What was answered makes room for the next one; what has a mistake in it is there to be mended.
    again = typed if answer is None or answer.check.state == "unknown" else ""
    page = render_template("verify/verify.html", answer=answer, sentence=sentence, typed=again)
    return (page, 503 if isinstance(error, Unavailable) else 400) if error else page


@room.route("/verify/frame", methods=["POST"])
def frame() -> Response | tuple[Response, int]:
    """Say what certificate's code is in one frame of a camera, where the browser cannot read codes itself."""
    sent = request.files.get("frame")
    try:
        if sent is None:
            raise Invalid("file.empty")
        seen = verify_file.code_in_frame(current_node(), sent.read(verify_file.FRAME_LIMIT + 1))
    except (Invalid, Unavailable) as error:
        return jsonify(text="", said=sentence_for(error)), 503 if isinstance(error, Unavailable) else 400
    return jsonify(text=seen.text, said=sentence_for(Invalid("picture.other-code")) if seen.other else "")


def _checked(typed: str) -> verifying.CertificateCheck:
    upload = request.files.get("file")
    if upload is not None:
        return verify_file.verify_file(current_node(), upload.read(), chosen_language())
    return verifying.verify_code(current_node(), typed, chosen_language())
