"""The first start: who administers this node, and what it is called.

Guarded by a link that is printed on the terminal: only who started the machine can claim it.
"""

from dataclasses import dataclass
from hmac import compare_digest

from elearn.core.roster.form import OfficerForm, filled, tidied
from elearn.core.roster.words import LONGEST_POST, clean, text_problem
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import TRUSTED_KEY
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Role
from elearn.core.xapi.canonical import sha256_hex
from elearn.ports import Transaction
from elearn.services.audit import role_given
from elearn.services.node import Node, about, fact, keep_fact, known
from elearn.services.officers import defaults, open_account
from elearn.services.record import record_in

LONGEST_ISSUER = 120
# A post issues its own certificates; it does not speak for these.
NOT_OUR_NAMES = ("unodc", "office on drugs and crime", "united nations", "mekong mou")


@dataclass(frozen=True)
class SetUpForm:
    """As typed. node_name: of the post or hub; agency: a value of `Agency`; languages: tags offered here;
    issuer: printed on certificates, "" = the name of the post; language: the administrator reads, if it is offered here
    (the first that is, if not).
    """

    node_name: str
    country: str
    agency: str
    languages: tuple[str, ...]
    name: str
    service_number: str
    pin: str
    sex: str = ""
    rank_band: str = ""
    issuer: str = ""
    language: str = ""


def one_time_link_secret(node: Node) -> str | None:
    """Return a fresh secret for the link to the set-up page, None once the node is set up. Earlier ones are void.

    Write: its SHA-256 as a fact of the node. Call it at every start.
    """
    secret = node.ids.secret(32)

    def work(tx: Transaction) -> str | None:
        if about(tx) is not None:
            return None
        keep_fact(tx, "set_up_link", sha256_hex(secret.encode()))
        return secret

    return node.store.write(work)


def is_set_up(node: Node) -> bool:
    """Tell whether the node has its first administrator."""
    with node.store.reading() as tx:
        return about(tx) is not None


def check_secret(node: Node, secret: str) -> bool:
    """Tell whether this secret opens the set-up page now."""
    with node.store.reading() as tx:
        return _opens(tx, secret)


def set_up(node: Node, form: SetUpForm, secret: str) -> str:
    """Make the node what the form says and its writer the first administrator; return that person's id.

    In one transaction: facts, administrator, the node's own key as a trusted one, the first entry of the chain.
    Raises Refused("set-up.done"), Refused("set-up.link"), Invalid("form.fields", fields={field: code}) with
    everything that is wrong: the codes of `tidied`, pin.*, node-name.*, issuer.*, languages.none, language.unknown.
    """
    with node.store.reading() as tx:
        _must_open(tx, secret)
    administrator, facts = _checked(form)
    pin_hash, person, node_id = node.passwords.hash(administrator.pin), node.ids.new(), node.ids.new()

    def work(tx: Transaction) -> None:
        _must_open(tx, secret)
        standing = {"id": node_id, "signatories": [], "hub": "", "demo": node.settings.demo, "set_up_at": node.now()}
        standing["kind"] = node.settings.kind.value
        for name, value in {**facts, **standing, "set_up_link": ""}.items():
            keep_fact(tx, name, value)
        open_account(tx, node, person, filled(administrator, defaults(known(tx))), pin_hash, must_change=False)
        tx.tables.put(TRUSTED_KEY, _own_key(node, node_id, facts))
        record_in(tx, node, role_given(tx, node, person, person, Role.ADMINISTRATOR))

    node.store.write(work)
    return person


def _checked(form: SetUpForm) -> tuple[OfficerForm, dict[str, object]]:
    """The administrator and the node's facts, clean; raises Invalid with all problems at once."""
    node_name, issuer = clean(form.node_name), clean(form.issuer)
    typed = OfficerForm(
        service_number=form.service_number,
        name=form.name,
        sex=form.sex,
        country=form.country,
        agency=form.agency,
        post=node_name,
        rank_band=form.rank_band,
        role=Role.ADMINISTRATOR.value,
        language=form.language if form.language in form.languages else next(iter(form.languages), ""),
        pin=form.pin,
    )
    administrator, problems = tidied(typed)
    for field in ("post", "language"):  # named by the fields they come from
        problems.pop(field, None)
    for field in ("country", "agency", "pin"):
        if not getattr(administrator, field):
            problems.setdefault(field, f"{field}.missing")
    found = {
        "node_name": field_problem("node-name", node_name, LONGEST_POST) or ("" if node_name else "node-name.missing"),
        "issuer": field_problem("issuer", issuer, LONGEST_ISSUER),
        "languages": languages_problem(form.languages),
    }
    problems |= {field: code for field, code in found.items() if code}
    if problems:
        raise Invalid("form.fields", fields=problems)
    return administrator, {
        "name": node_name,
        "country": administrator.country,
        "agency": administrator.agency,
        "languages": [tag for tag in LANGUAGES if tag in form.languages],
        "issuer": issuer or node_name,
    }


def field_problem(field: str, text: str, longest: int) -> str:
    """Return the code of what is wrong with a name a node gives itself or its issuer, "" if nothing is."""
    problem = text_problem(text, longest)
    if problem:
        return f"{field}.{problem}"
    return f"{field}.not-neutral" if any(name in text.casefold() for name in NOT_OUR_NAMES) else ""


def languages_problem(languages: tuple[str, ...]) -> str:
    """Return the code of what is wrong with the tags offered, "" if nothing is."""
    if not languages:
        return "languages.none"
    return "" if all(tag in LANGUAGES for tag in languages) else "language.unknown"


def _own_key(node: Node, node_id: str, facts: dict[str, object]) -> dict[str, object]:
    return {
        "key_id": node.keys.key_id,
        "node": node_id,
        "node_name": facts["name"],
        "country": facts["country"],
        "public_key": node.keys.public_key,
        "valid_from": node.now(),
        "valid_until": None,
        "vouched_by": node_id,
    }


def _must_open(tx: Transaction, secret: str) -> None:
    if about(tx) is not None:
        raise Refused("set-up.done")
    if not _opens(tx, secret):
        raise Refused("set-up.link")


def _opens(tx: Transaction, secret: str) -> bool:
    kept = str(fact(tx, "set_up_link", ""))
    return bool(kept) and compare_digest(kept, sha256_hex(secret.encode(errors="surrogatepass")))
