"""`sync`: exchange with the hub now, show how the exchange stands, enrol with a hub, make a code for a post."""

import argparse

from elearn.cli.sentences import explain
from elearn.cli.workbench import Workbench
from elearn.core.vocab.nodes import NodeKind
from elearn.services import exchange, posts
from elearn.services.enrolment import enrol
from elearn.services.node import Node

NAME = "sync"
HELP = "exchange with the hub now, show how it stands, enrol with a hub, make a code for a post"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--hub", action="store_true", help="of the hub on this machine, not the post")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")
    errands = parser.add_subparsers(dest="errand", metavar="<errand>", required=True)
    errands.add_parser("now", help="exchange at once")
    errands.add_parser("status", help="show what waits, what was confirmed, and how fresh the posts of a hub are")
    to_hub = errands.add_parser("enrol", help="enrol this node with a hub")
    to_hub.add_argument("url", help="address of the hub, for example https://hub.example.org")
    to_hub.add_argument("code", help="the one-time code its administrator gave")
    code = errands.add_parser("code", help="make a one-time code for a post (on a hub: sync --hub code NAME)")
    code.add_argument("post_name", help="what the post is called")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Do the errand; 1 if an exchange did not come through."""
    kind = NodeKind.HUB if arguments.hub else NodeKind.POST
    with workbench.node(kind, arguments.demo) as node:
        if arguments.errand == "now":
            return _now(node)
        if arguments.errand == "enrol":
            print(f"Enrolled with {enrol(node, arguments.url, arguments.code)}.")
            return _now(node)
        if arguments.errand == "code":
            print(posts.give_code(node, arguments.post_name))
            return 0
        return _status(node)


def _now(node: Node) -> int:
    outcome = exchange.exchange_once(node)
    print(f"{outcome.sent} entries and {outcome.people} identities confirmed by the hub.")
    if outcome.error is not None:
        print(explain(outcome.error))
    return 0 if outcome.ok else 1


def _status(node: Node) -> int:
    state = exchange.state(node)
    if not state.hub:
        print("Not enrolled with a hub: everything is kept on this machine.")
    else:
        print(f"Hub: {state.hub}, by stick" if state.light.stick else f"Hub: {state.hub} at {state.url}")
        print(f"Entries: {state.number}, confirmed up to {state.confirmed} ({state.confirmed_at or 'never'})")
        print(f"Waiting: {state.light.waiting} entries, {state.people} identities")
        print(f"Last try: {state.tried_at or 'never'}; last success: {state.ok_at or 'never'}")
        if state.error is not None:
            print(f"Last error: {explain(state.error)}")
        for one in state.apart:
            print(f"Kept apart by the hub: {one.kind} {one.number or one.id}: {one.reason}")
    for post in posts.posts(node):
        print(
            f"Post {post.name}: {post.held} entries held, {post.behind} to come, silent for {post.silent_days} days,"
            f" clock {post.clock_offset_ms / 1000:+.0f} s, {post.apart} kept apart {post.problem}".rstrip()
        )
    return 0
