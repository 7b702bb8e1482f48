"""Changing what a node says of itself: name, languages offered, issuer and signatories of its certificates."""

from dataclasses import dataclass

from elearn.core.roster.words import LONGEST_POST, clean
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Permission
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import Node, keep_fact, known
from elearn.services.setting_up import LONGEST_ISSUER, field_problem, languages_problem

MOST_SIGNATORIES = 2


@dataclass(frozen=True)
class AboutForm:
    """As typed. signatories: (name, title) pairs; pairs without a name are left out."""

    node_name: str
    languages: tuple[str, ...]
    issuer: str
    signatories: tuple[tuple[str, str], ...]


def change_about(node: Node, by: Session, form: AboutForm) -> None:
    """Keep the changes, all or none. Raises Invalid("form.fields", fields={field: code}) with everything wrong."""
    demand(by, Permission.MANAGE_NODE)
    name, issuer = clean(form.node_name), clean(form.issuer)
    signatories = [{"name": clean(who), "title": clean(title)} for who, title in form.signatories if clean(who)]
    problems = {
        "node_name": field_problem("node-name", name, LONGEST_POST) or ("" if name else "node-name.missing"),
        "issuer": field_problem("issuer", issuer, LONGEST_ISSUER),
        "languages": languages_problem(form.languages),
        "signatories": next(filter(None, (_signatory_problem(one) for one in signatories)), ""),
    }
    problems = {field: code for field, code in problems.items() if code}
    if problems:
        raise Invalid("form.fields", fields=problems)

    def work(tx: Transaction) -> None:
        known(tx)
        keep_fact(tx, "name", name)
        keep_fact(tx, "issuer", issuer or name)
        keep_fact(tx, "languages", [tag for tag in LANGUAGES if tag in form.languages])
        keep_fact(tx, "signatories", signatories[:MOST_SIGNATORIES])

    node.store.write(work)


def _signatory_problem(one: dict[str, str]) -> str:
    return field_problem("issuer", one["name"], LONGEST_ISSUER) or field_problem("issuer", one["title"], LONGEST_ISSUER)
