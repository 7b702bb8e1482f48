"""Changing what a node says of itself: its name and the languages it offers. Certificates: `certificate_look`."""

from dataclasses import dataclass

from elearn.core.roster.words import LONGEST_POST, clean
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Permission
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import Node, keep_fact, known
from elearn.services.setting_up import field_problem, languages_problem


@dataclass(frozen=True)
class AboutForm:
    """As typed. languages: tags."""

    node_name: str
    languages: tuple[str, ...]


def change_about(node: Node, by: Session, form: AboutForm) -> None:
    """Keep the changes, all or none. Raises Invalid("form.fields", fields={field: code}) with everything wrong.

    An issuer that was named as the node stays named as the node.
    """
    demand(by, Permission.MANAGE_NODE)
    name = clean(form.node_name)
    problems = {
        "node_name": field_problem("node-name", name, LONGEST_POST) or ("" if name else "node-name.missing"),
        "languages": languages_problem(form.languages),
    }
    problems = {field: code for field, code in problems.items() if code}
    if problems:
        raise Invalid("form.fields", fields=problems)

    def work(tx: Transaction) -> None:
        mine = known(tx)
        keep_fact(tx, "name", name)
        keep_fact(tx, "issuer", name if mine.issuer in ("", mine.name) else mine.issuer)
        keep_fact(tx, "languages", [tag for tag in LANGUAGES if tag in form.languages])

    node.store.write(work)
