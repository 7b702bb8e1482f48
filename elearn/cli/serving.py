"""Running a node: its courses published, its index built, its address printed, its upkeep done beside.

Everything slow happens after the first page can be served: a post that starts slowly is a post that is switched off.
"""

import argparse
import logging
import os
import signal
import socket
import sys
import threading
from typing import Any

from waitress.server import create_server

from elearn.cli import demo
from elearn.cli.sentences import explain
from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import ElearnError, Unavailable
from elearn.core.vocab.nodes import NodeKind
from elearn.services import author, exchange, find, setting_up
from elearn.services.node import Node

log = logging.getLogger("elearn")

THREADS = 8
UPKEEP_EVERY_S = 60.0
BACKLOG = 256


def add_serving_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of a serving command."""
    parser.add_argument("--demo", action="store_true", help="fill it with invented officers, results and certificates")
    parser.add_argument("--quiet", action="store_true", help="print only the address and errors")


def serve_node(workbench: Workbench, kind: NodeKind, arguments: argparse.Namespace) -> int:
    """Serve until stopped; return the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = workbench.settings(kind, arguments.demo)
    listening = _listen(settings.host, settings.port)
    node = workbench.build_node(settings)
    try:
        _prepare(node, arguments)
        server = create_server(
            workbench.create_app(node), sockets=[listening], threads=THREADS, ident=None, channel_timeout=60
        )
        _say_where(node, listening)
        return _run(node, server)
    finally:
        node.store.close()


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is done. Raises Unavailable("port.in-use", port=)."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise Unavailable("port.in-use", host=host, port=port, reason=os.strerror(error.errno or 0)) from None
    return listening


def _prepare(node: Node, arguments: argparse.Namespace) -> None:
    """Publish the courses that changed; a damaged one is reported and the last good version goes on being served."""
    for outcome in author.publish_all(node, progress=None if arguments.quiet else _say_course):
        if outcome.errors:
            print(
                f"  {outcome.course}: not published, {outcome.errors} errors (python3 run.py courses check)",
                file=sys.stderr,
            )
    if arguments.demo:
        demo.fill(node, quiet=arguments.quiet)


def _say_course(done: int, total: int, course: str) -> None:
    print(f"  [{done}/{total}] course {course}", flush=True)


def _say_where(node: Node, listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
    secret = setting_up.one_time_link_secret(node)
    reason = node.press.missing()
    if reason:
        print(f"  Certificates as PDF are not possible here ({reason}). They can be printed from the browser.")
    if secret:
        print(
            f"elearn waits to be set up. Open this link once, on this machine:\n  {address}/set-up/{secret}", flush=True
        )
    else:
        print(f"elearn is at {address}  (stop with Ctrl-C)", flush=True)


def _run(node: Node, server: Any) -> int:
    stopping = threading.Event()
    upkeep = threading.Thread(target=_keep_up, args=(node, stopping), name="upkeep", daemon=True)
    upkeep.start()

    def stop(*_: object) -> None:
        stopping.set()
        server.close()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        stopping.set()
        upkeep.join(timeout=5)
    print("elearn stopped. Everything answered is saved.")
    return 0


def _keep_up(node: Node, stopping: threading.Event) -> None:
    """Build the search index when it is stale, exchange with the hub when there is a line."""
    while True:
        for errand in (find.refresh, exchange.tick):
            try:
                errand(node)
            except ElearnError as error:
                log.warning("%s", explain(error))
            except Exception:
                log.exception("upkeep failed; trying again in a minute")
        if stopping.wait(UPKEEP_EVERY_S):
            return
