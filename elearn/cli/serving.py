"""Running a node: its courses published, its index built, its address printed, its upkeep done beside.

Everything slow happens after the first page can be served: a post that starts slowly is a post that is switched off.
"""

import argparse
import ipaddress
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from waitress.server import create_server

from elearn.cli import demo
from elearn.cli.sentences import explain
from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import ElearnError, Unavailable
from elearn.core.vocab.nodes import NodeKind, Power
from elearn.services import (
    author,
    certificate_batches,
    clock_guard,
    exchange,
    find,
    forwarding,
    outages,
    revoking_many,
    setting_up,
)
from elearn.services.demonstration import must_be_demo
from elearn.services.node import Node, about, must_be_of_this_kind
from elearn.services.record import catch_up

log = logging.getLogger("elearn")

THREADS = 8
SILENT_CONNECTION_S = 60
"""A connection on which nothing came for so long is closed, also in the middle of a request."""

MOST_CONNECTIONS = 400
"""At once. A request is read whole before one of the THREADS takes it, so that slow senders hold only a connection."""

UPKEEP_EVERY_S = 60.0
BACKLOG = 256
LARGEST_BODY_BYTES = 20 * 1024 * 1024
"""Refused while it comes in, before it fills a disk; the pages refuse at 16 MB with a sentence."""
HUB_PORT_STEP = 100
"""A demonstration's hub answers so many ports above its post."""


def add_serving_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of a serving command."""
    parser.add_argument("--demo", action="store_true", help="with invented officers, results and certificates")
    parser.add_argument("--quiet", action="store_true", help="print only the address and errors")


@dataclass(frozen=True)
class _Served:
    """A node, the socket it answers on and its server."""

    node: Node
    listening: socket.socket
    server: Any


def serve_node(workbench: Workbench, kind: NodeKind, arguments: argparse.Namespace) -> int:
    """Serve until stopped; return the exit code. A demonstration serves its post and its hub together."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # A line for every request that waits a moment behind another would fill the disk at the busiest hour.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    kinds = (NodeKind.POST, NodeKind.HUB) if arguments.demo and kind is NodeKind.POST else (kind,)
    served: list[_Served] = []
    try:
        served.extend(_open(workbench, one, arguments, HUB_PORT_STEP * place) for place, one in enumerate(kinds))
        if arguments.demo:
            _fill_demonstration(workbench, served, arguments)
        for one_served in served:
            _say_where(one_served)
        if arguments.demo:
            demo.say_accounts()
        return _run(served)
    finally:
        for one_served in served:
            one_served.node.store.close()


def _open(workbench: Workbench, kind: NodeKind, arguments: argparse.Namespace, port_step: int) -> _Served:
    settings = workbench.settings(kind, arguments.demo)
    first_port = workbench.settings(NodeKind.POST if port_step else kind).port
    listening = _listen(settings.host, first_port + port_step if first_port else 0)
    try:
        node = workbench.build_node(settings)
    except ElearnError:
        listening.close()
        raise
    must_be_demo(node)
    must_be_of_this_kind(node)
    outages.note_start(node)
    clock_guard.look(node)
    catch_up(node)  # screens of another version are folded anew before anyone sees them
    _publish(node, arguments.quiet)
    server = create_server(
        workbench.create_app(node),
        sockets=[listening],
        threads=THREADS,
        ident=None,
        channel_timeout=SILENT_CONNECTION_S,
        connection_limit=MOST_CONNECTIONS,
        asyncore_use_poll=True,
        max_request_body_size=LARGEST_BODY_BYTES,
    )
    return _Served(node, listening, server)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is done. Raises Unavailable("port.in-use", port=)."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise Unavailable("port.in-use", host=host, port=port, reason=error.strerror or str(error)) from None
    return listening


def _publish(node: Node, quiet: bool) -> None:
    """Publish the courses that changed; a damaged one is reported and the last good version goes on being served."""
    for outcome in author.publish_all(node, progress=None if quiet else _say_course):
        if outcome.errors:
            advice = f"python3 run.py courses check {outcome.course}"
            print(f"  {outcome.course}: not published, {outcome.errors} errors ({advice})", file=sys.stderr)


def _say_course(done: int, total: int, course: str) -> None:
    print(f"  [{done}/{total}] course {course}", flush=True)


def _fill_demonstration(workbench: Workbench, served: list[_Served], arguments: argparse.Namespace) -> None:
    nodes = {one.node.settings.kind: one.node for one in served}
    missing = {NodeKind.POST, NodeKind.HUB} - set(nodes)
    extra = [workbench.build_node(workbench.settings(kind, demo=True)) for kind in missing]
    try:
        nodes |= {node.settings.kind: node for node in extra}
        demo.fill(workbench, nodes[NodeKind.POST], nodes[NodeKind.HUB], quiet=arguments.quiet)
    finally:
        for node in extra:
            node.store.close()


def _say_where(served: _Served) -> None:
    node = served.node
    host, port = served.listening.getsockname()[:2]
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
    secret = setting_up.one_time_link_secret(node)
    if secret:
        print("elearn waits to be set up. Open this link once, on this machine:")
        print(f"  {address}/set-up/{secret}", flush=True)
    else:
        print(f"elearn ({node.settings.kind.value}) is at {address}  (stop with Ctrl-C)", flush=True)


def _run(served: list[_Served]) -> int:
    stopping = threading.Event()
    threads = [_beside("upkeep", partial(_keep_up, one, stopping)) for one in served]
    threads += [_beside("awake", partial(_note_awake, one.node, stopping)) for one in served]
    threads += [_beside("server", one.server.run) for one in served[1:]]

    def stop(*_: object) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    try:
        served[0].server.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        stopping.set()
        for one in served:
            one.server.close()
            one.node.neighbours.close()
        for thread in threads:
            thread.join(timeout=5)
    print("elearn stopped. Everything answered is saved.")
    return 0


def _beside(name: str, work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    return thread


def _keep_up(served: _Served, stopping: threading.Event) -> None:
    """Build the search index when it is stale, exchange with the hub when there is a line."""
    node, announced = served.node, False
    reason = node.press.missing()
    if reason:
        print(f"  Certificates as PDF are not possible here ({reason}); they are printed from the browser.", flush=True)
    while True:
        announced = announced or _announced(served)
        for errand in (
            certificate_batches.go_on,
            clock_guard.look,
            revoking_many.tick,
            find.refresh,
            exchange.tick,
            forwarding.tick,
        ):
            try:
                errand(node)
            except ElearnError as error:
                log.warning("%s", explain(error))
            except Exception:
                log.exception("upkeep failed; trying again in a minute")
        if stopping.wait(UPKEEP_EVERY_S):
            return


def _announced(served: _Served) -> bool:
    """Let posts on the local network find a hub that can be reached from there; tell whether that is settled."""
    node, (host, port) = served.node, served.listening.getsockname()[:2]
    if not node.can(Power.ANSWER_POSTS) or node.settings.demo or _is_loopback(host):
        return True
    with node.store.reading() as tx:
        mine = about(tx)
    if mine is None:
        return False  # not set up yet: it has no name to be found by
    try:
        node.neighbours.announce(mine.name, mine.id, port)
    except Exception:
        log.exception("could not announce the hub on the local network")
    return True


def _is_loopback(host: str) -> bool:
    return ipaddress.ip_address(host.partition("%")[0]).is_loopback


def _note_awake(node: Node, stopping: threading.Event) -> None:
    """Note that the node is awake while an exam is under way; on its own thread, for upkeep can take minutes."""
    while not stopping.wait(outages.BEAT_S):
        try:
            outages.note_awake(node)
        except Exception:
            log.exception("could not note that the node is awake")
