"""Is this certificate good? Open to everyone: typed number, text of the QR code, or the PDF itself."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import Invalid
from elearn.services import verify as verifying
from elearn.web.context import current_node
from elearn.web.locale import chosen_language
from elearn.web.phrases import sentence_for

room = Blueprint("verify", __name__)

LONGEST_TYPED = 4000


@room.route("/verify", methods=["GET", "POST"])
def verify() -> str | Response | tuple[str, int]:
    """Show the two forms, and the answer to what was sent with one of them."""
    verdict = None
    sentence = ""
    typed = request.form.get("typed", "")[:LONGEST_TYPED]
    if request.method == "POST":
        try:
            verdict = _checked(typed)
        except Invalid as error:
            sentence = sentence_for(error)
    page = render_template("verify/verify.html", verdict=verdict, sentence=sentence, typed=typed)
    return page, 400 if sentence else 200


def _checked(typed: str) -> verifying.CertificateCheck:
    upload = request.files.get("pdf")
    if upload is not None:
        return verifying.verify_pdf(current_node(), upload.read(), chosen_language())
    return verifying.verify_code(current_node(), typed, chosen_language())
