"""What this node's certificates look like: issuer in each language, seal, signatories, years of two eras, the score.

Neutral as long as nobody says otherwise: the name of the office, and no picture. A certificate is put into words anew
each time it is printed, so what is changed here also holds for those issued before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from elearn.core.credential.pictures import BOXES, SEAL, SIGNATURES, picture_problem
from elearn.core.roster.words import clean
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import CERTIFICATE_PICTURE
from elearn.core.vocab.languages import LANGUAGES, SOURCE, pick
from elearn.core.vocab.roles import Permission
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import About, Node, fact, keep_fact, known
from elearn.services.setting_up import LONGEST_ISSUER, field_problem

FACT = "certificate_look"


@dataclass(frozen=True)
class Signing:
    """Who signs. place: 1..3, also that of the picture; titles: language -> title or office held."""

    place: int
    name: str
    titles: Mapping[str, str]


@dataclass(frozen=True)
class Look:
    """issuer: for languages without one of their own; issuers: language -> issuer; both_eras: years of the Buddhist era
    beside those of the Common Era, in languages that have them; score: it is printed; pictures: of `BOXES` -> PNG."""

    issuer: str
    issuers: Mapping[str, str]
    signing: tuple[Signing, ...]
    both_eras: bool = False
    score: bool = True
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    def issuer_in(self, language: str) -> str:
        """Return the issuer as that language writes it."""
        return self.issuers.get(language) or self.issuer


@dataclass(frozen=True)
class LookForm:
    """As typed. Signatories without a name are left out. pictures: of `BOXES` -> the file sent; removed: of `BOXES`."""

    issuer: str
    issuers: Mapping[str, str]
    signing: tuple[Signing, ...]
    both_eras: bool
    score: bool
    pictures: Mapping[str, bytes]
    removed: frozenset[str]


def look_in(tx: Transaction, mine: About, pictures: bool = True) -> Look:
    """Return the look of this node's certificates. pictures: read them as well, some 100 kB."""
    said = fact(tx, FACT, {})
    rows = tx.tables.select(CERTIFICATE_PICTURE) if pictures else []
    return Look(
        issuer=mine.issuer or mine.name,
        issuers=said.get("issuers", {}),
        signing=tuple(_signing(mine, place, one) for place, one in enumerate(mine.signatories[: len(SIGNATURES)], 1)),
        both_eras=bool(said.get("both_eras", False)),
        score=bool(said.get("score", True)),
        pictures={row["name"]: row["content"] for row in rows},
    )


def look_of(node: Node, by: Session) -> Look:
    """Return the look, for the page where it is changed. Raises Refused("permission")."""
    demand(by, Permission.MANAGE_NODE)
    with node.store.reading() as tx:
        return look_in(tx, known(tx))


def picture(node: Node, by: Session, name: str) -> bytes | None:
    """Return a picture as PNG, None if there is none. Raises Refused("permission")."""
    demand(by, Permission.MANAGE_NODE)
    with node.store.reading() as tx:
        row = tx.tables.get(CERTIFICATE_PICTURE, name)
    return row["content"] if row else None


def look_asked(node: Node, by: Session, form: LookForm) -> Look:
    """Return the look a form asks for; nothing is kept yet.

    Raises Refused("permission"), Invalid("form.fields", fields={field: code}) with everything wrong: issuer,
    issuer-<language>, name-<place>, title-<place>-<language>, and the names of pictures.
    """
    demand(by, Permission.MANAGE_NODE)
    with node.store.reading() as tx:
        mine = known(tx)
        kept = look_in(tx, mine)
    issuers = {tag: clean(text) for tag, text in form.issuers.items() if tag in LANGUAGES and clean(text)}
    signing = tuple(Signing(one.place, clean(one.name), _titles(one)) for one in form.signing if clean(one.name))
    drawn, problems = _drawn(node, form.pictures)
    texts = {"issuer": clean(form.issuer)} | {f"issuer-{tag}": text for tag, text in issuers.items()}
    texts |= {f"name-{one.place}": one.name for one in signing}
    texts |= {f"title-{one.place}-{tag}": text for one in signing for tag, text in one.titles.items()}
    problems |= {at: code for at, text in texts.items() if (code := field_problem("issuer", text, LONGEST_ISSUER))}
    if problems:
        raise Invalid("form.fields", fields=problems)
    signed = {SEAL, *(SIGNATURES[one.place - 1] for one in signing)}
    pictures = {**{name: one for name, one in kept.pictures.items() if name not in form.removed}, **drawn}
    return Look(
        issuer=texts["issuer"] or mine.name,
        issuers=issuers,
        signing=signing,
        both_eras=form.both_eras,
        score=form.score,
        pictures={name: one for name, one in pictures.items() if name in signed},
    )


def keep_look(node: Node, by: Session, look: Look) -> None:
    """Keep a look from `look_asked`, all or nothing. Raises Refused("permission")."""
    demand(by, Permission.MANAGE_NODE)

    def work(tx: Transaction) -> None:
        known(tx)
        keep_fact(tx, "issuer", look.issuer)
        keep_fact(tx, "signatories", [_as_fact(look.signing, place) for place in range(1, len(SIGNATURES) + 1)])
        keep_fact(tx, FACT, {"issuers": dict(look.issuers), "both_eras": look.both_eras, "score": look.score})
        for name in BOXES:
            tx.tables.delete(CERTIFICATE_PICTURE, {"name": name})
            if name in look.pictures:
                row = {"name": name, "kind": "png", "content": look.pictures[name]}
                tx.tables.put(CERTIFICATE_PICTURE, row)

    node.store.write(work)


def title_in(one: Signing, language: str) -> str:
    """Return the title of who signs as that language writes it, else in English, else any."""
    return pick(dict(one.titles), language)


def _drawn(node: Node, sent: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return (name -> picture drawn anew, name -> what is wrong with a file)."""
    drawn, problems = {}, {}
    for name, content in sent.items():
        problem = picture_problem(content)
        if not problem:
            try:
                drawn[name] = node.press.picture(content, BOXES[name])
            except Invalid as error:
                problem = error.code
        if problem:
            problems[name] = problem
    return drawn, problems


def _titles(one: Signing) -> dict[str, str]:
    return {tag: clean(text) for tag, text in one.titles.items() if tag in LANGUAGES and clean(text)}


def _as_fact(signing: tuple[Signing, ...], place: int) -> dict[str, object]:
    """Return a place as it is kept; an empty one keeps the others, and their pictures, where they are."""
    one = next((one for one in signing if one.place == place), None)
    return {"name": one.name, "titles": dict(one.titles)} if one else {"name": "", "titles": {}}


def _signing(mine: About, place: int, kept: Mapping[str, object]) -> Signing:
    """Read a place: {name, titles: {language: title}}, or {name, title, title_english} as it was kept before: one title
    for whatever is not English."""
    titles = kept.get("titles")
    if not isinstance(titles, dict):
        local = dict.fromkeys((tag for tag in LANGUAGES if tag != SOURCE), kept.get("title", ""))
        titles = local | {
            SOURCE: kept.get("title_english") or ("" if set(mine.languages) - {SOURCE} else kept.get("title"))
        }
    return Signing(place, str(kept.get("name", "")), {tag: str(text) for tag, text in titles.items() if text})
