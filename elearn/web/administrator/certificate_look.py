"""The administrator's page on what certificates look like, with a sample in each language."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.credential.pictures import BOXES, SEAL, SIGNATURES
from elearn.core.vocab.errors import Invalid, NotFound, Unavailable
from elearn.core.vocab.languages import LANGUAGES, SOURCE, Language
from elearn.core.vocab.roles import Permission
from elearn.services import certificate_look, certificate_sample
from elearn.services.certificate_look import Look, LookForm, Signing
from elearn.web import choices
from elearn.web.context import current_about, current_node, current_session, needs
from elearn.web.phrases import field_sentence, sentence_for

Page = str | Response | tuple[str, int]
TO_PRINT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'"


def add_look_pages(room: Blueprint) -> None:
    """Put these pages into the administrator's room."""
    room.add_url_rule("/certificate-look", "node_look", node_look, methods=["GET", "POST"])
    room.add_url_rule("/certificate-look/<name>.png", "node_look_picture", node_look_picture)
    room.add_url_rule("/certificates/sample/<language>.pdf", "node_look_sample", node_look_sample)
    room.add_url_rule("/certificates/sample/<language>", "node_look_sample_page", node_look_sample_page)


@needs(Permission.MANAGE_NODE)
def node_look() -> Page:
    """Show and change what certificates look like."""
    node, by = current_node(), current_session()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            certificate_sample.change_look(node, by, _form_given())
        except Invalid as error:
            errors = _sentences(error)
        else:
            flash(_("The changes were saved."), "good")
            return redirect(url_for(".node_look"))
    look = certificate_look.look_of(node, by)
    page = render_template(
        "administrator/certificate_look.html",
        look=look,
        given=request.form.to_dict() if errors else _as_given(look),
        errors=errors,
        own=_own_languages(),
        places=range(1, len(SIGNATURES) + 1),
        seal=SEAL,
        signatures=SIGNATURES,
    )
    return page, 400 if errors else 200


@needs(Permission.MANAGE_NODE)
def node_look_picture(name: str) -> Response:
    """Give a picture as it will be printed."""
    picture = certificate_look.picture(current_node(), current_session(), name)
    if picture is None:
        raise NotFound("media.unknown", name=name[:80])
    return Response(picture, content_type="image/png", headers={"Cache-Control": "no-store"})


@needs(Permission.MANAGE_NODE)
def node_look_sample(language: str) -> Response:
    """Give a sample as PDF; without a press, as a page to print."""
    try:
        content = certificate_sample.sample_pdf(current_node(), current_session(), language)
    except Unavailable as error:
        if error.code != "press.missing":
            raise
        return redirect(url_for(".node_look_sample_page", language=language))
    headers = {"Content-Disposition": f'inline; filename="sample-{language}.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)


@needs(Permission.MANAGE_NODE)
def node_look_sample_page(language: str) -> Response:
    """Give a sample as one page a browser can print."""
    html = certificate_sample.sample_printable(current_node(), current_session(), language)
    return Response(html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": TO_PRINT})


def _own_languages() -> list[Language]:
    """Return the languages offered here, and English, which stands beside all others."""
    mine = current_about()
    tags = {*(mine.languages if mine else ()), SOURCE}
    return [one for tag, one in LANGUAGES.items() if tag in tags]


def _form_given() -> LookForm:
    form = request.form
    files = {name: sent.read() for name in BOXES if (sent := request.files.get(name)) is not None}
    return LookForm(
        issuer=form.get("issuer", ""),
        issuers={tag: form.get(f"issuer-{tag}", "") for tag in LANGUAGES},
        signing=tuple(_signing_given(place) for place in range(1, len(SIGNATURES) + 1)),
        both_eras="both_eras" in form,
        score="score" in form,
        pictures={name: content for name, content in files.items() if content},
        removed=frozenset(form.getlist("remove")),
    )


def _signing_given(place: int) -> Signing:
    titles = {tag: request.form.get(f"title-{place}-{tag}", "") for tag in LANGUAGES}
    return Signing(place, request.form.get(f"name-{place}", ""), titles)


def _as_given(look: Look) -> dict[str, str]:
    """Return the look as the form would send it."""
    given = {"issuer": look.issuer} | {f"issuer-{tag}": text for tag, text in look.issuers.items()}
    for one in look.signing:
        given[f"name-{one.place}"] = one.name
        given |= {f"title-{one.place}-{tag}": one.titles.get(tag, "") for tag in LANGUAGES if one.name}
    return given | {name: "yes" for name in ("both_eras", "score") if getattr(look, name)}


def _sentences(error: Invalid) -> dict[str, str]:
    """Return field -> sentence; "" -> what the press says of the whole."""
    if error.code != "form.fields":
        return {"": sentence_for(error)}
    return {name: field_sentence(code) for name, code in choices.field_codes(error).items()}
