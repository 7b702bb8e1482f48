"""The plan of a scenario: steps, options, where each leads. Whether it can be played, and the ways to a good end.

nodes: step -> {options: {letter: {next: step} or {end: "true"}, also unsafe: "true" or critical: "true"}}.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from elearn.core.questions.base import PAIR, Fault, fields_of

START = "start"
MOST_STEPS, LEAST_OPTIONS, MOST_OPTIONS = 15, 2, 5
_NODE = re.compile(r"[a-z][a-z0-9]{0,19}", re.ASCII)
_FIELDS = {"next", "end", "unsafe", "critical"}
Nodes = Mapping[str, Any]


def option_of(nodes: Nodes, node: str, option: str) -> Mapping[str, Any]:
    """Return where an option leads, {} for one that is not there."""
    return fields_of(options_of(nodes, node).get(option))


def options_of(nodes: Nodes, node: str) -> Mapping[str, Any]:
    """Return the options of a step, {} for one that is not there."""
    return fields_of(fields_of(nodes.get(node)).get("options"))


def ways_to_good_ends(nodes: Nodes) -> Iterator[list[str]]:
    """Give every path of steps, none of them unsafe or critical, from the start to an end. The story has no circle."""
    well = _ending_well(nodes)
    waiting: list[tuple[str, list[str]]] = [(START, [])] if START in well else []
    while waiting:
        node, path = waiting.pop()
        for option, leads in reversed([*options_of(nodes, node).items()]):
            step = [*path, f"{node}{PAIR}{option}"]
            if is_bad(leads):
                continue
            if "end" in leads:
                yield step
            elif leads["next"] in well:
                waiting.append((leads["next"], step))


def way_to_a_bad_end(nodes: Nodes) -> list[str]:
    """Return a path with an unsafe step or a critical error from the start to an end, [] if there is none."""
    waiting: deque[tuple[str, list[str], bool]] = deque([(START, [], False)])
    seen = {(START, False)}
    while waiting:
        node, path, bad = waiting.popleft()
        for option, leads in options_of(nodes, node).items():
            step, now_bad = [*path, f"{node}{PAIR}{option}"], bad or is_bad(leads)
            if "end" in leads and now_bad:
                return step
            if "next" in leads and (leads["next"], now_bad) not in seen:
                seen.add((leads["next"], now_bad))
                waiting.append((leads["next"], step, now_bad))
    return []


def is_bad(leads: Mapping[str, Any]) -> bool:
    """Tell whether an option is unsafe or critical."""
    return "unsafe" in leads or "critical" in leads


def _ending_well(nodes: Nodes) -> set[str]:
    """Return the steps from which a good end can be reached."""
    well: set[str] = set()
    while more := {
        node
        for node in nodes
        if node not in well
        and any(
            not is_bad(leads) and ("end" in leads or leads.get("next") in well)
            for leads in options_of(nodes, node).values()
        )
    }:
        well |= more
    return well


def faults(nodes: Nodes) -> list[Fault]:
    """Return everything that keeps a story from being played to an end."""
    found = [fault for node in nodes for fault in _node_faults(nodes, node)]
    if START not in nodes:
        found.append(Fault("scenario.no-start", {}, "nodes"))
    if len(nodes) > MOST_STEPS:
        found.append(Fault("scenario.too-long", {"n": len(nodes), "most": MOST_STEPS}, "nodes"))
    if found:
        return found
    reached = _reached(nodes)
    found += [Fault("scenario.unreachable", {"node": node}, "nodes") for node in nodes if node not in reached]
    circle = _in_a_circle(nodes)
    if circle:
        return [*found, Fault("scenario.circle", {"node": circle}, "nodes")]
    if START not in _ending_well(nodes):
        found.append(Fault("scenario.no-good-end", {}, "nodes"))
    if not way_to_a_bad_end(nodes):
        found.append(Fault("scenario.no-danger", {}, "nodes"))
    return found


def _node_faults(nodes: Nodes, node: str) -> Iterator[Fault]:
    options = options_of(nodes, node)
    if not _NODE.fullmatch(node) or {*fields_of(nodes[node])} != {"options"}:
        yield Fault("scenario.node-malformed", {"node": node}, "nodes")
    elif not LEAST_OPTIONS <= len(options) <= MOST_OPTIONS:
        details = {"node": node, "n": len(options), "least": LEAST_OPTIONS, "most": MOST_OPTIONS}
        yield Fault("scenario.options-count", details, "nodes")
    for option in options:
        yield from _option_faults(nodes, node, option)


def _option_faults(nodes: Nodes, node: str, option: str) -> Iterator[Fault]:
    leads, where = option_of(nodes, node, option), {"node": node, "option": option}
    flags = [leads.get(flag, "true") for flag in ("end", "unsafe", "critical")]
    letter = len(option) == 1 and "a" <= option <= "z"
    if not letter or not leads or {*leads} - _FIELDS or any(flag != "true" for flag in flags):
        yield Fault("scenario.option-malformed", where, "nodes")
    elif ("next" in leads) == ("end" in leads):
        yield Fault("scenario.next-or-end", where, "nodes")
    elif "next" in leads and leads["next"] not in [*nodes]:
        yield Fault("scenario.next-unknown", {**where, "next": str(leads["next"])[:40]}, "nodes")
    elif "critical" in leads and ("next" in leads or "unsafe" in leads):
        yield Fault("scenario.critical-goes-on", where, "nodes")


def _nexts(nodes: Nodes, node: str) -> list[str]:
    return [str(fields_of(leads)["next"]) for leads in options_of(nodes, node).values() if "next" in fields_of(leads)]


def _reached(nodes: Nodes) -> set[str]:
    reached, waiting = {START}, [START]
    while waiting:
        fresh = [node for node in _nexts(nodes, waiting.pop()) if node not in reached]
        reached.update(fresh)
        waiting += fresh
    return reached


def _in_a_circle(nodes: Nodes) -> str:
    """Return a step that comes after itself, "" if there is none: take away steps that lead nowhere until none does."""
    left = {node: set(_nexts(nodes, node)) for node in nodes}
    while ends := [node for node, after in left.items() if not after & left.keys()]:
        for node in ends:
            del left[node]
    return next(iter(left), "")
