"""A post and its hub, each a process of its own on loopback, with more and more records: how fast, how large.

Both keep their data in SQLite with every write on disk. What the post does runs in processes that end afterwards, so
that the memory of one step is not counted for the next.
"""

import multiprocessing
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from elearn.cli.measuring.process import Running, cpu_seconds, resident_mb, running
from elearn.cli.measuring.records import fill
from elearn.cli.measuring.relay import Relay, relay_to
from elearn.cli.workbench import Workbench
from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.nodes import NodeKind
from elearn.services import setting_up
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.node import Node
from elearn.services.posts import give_code
from elearn.services.record import rebuild_projections

FIRST_SIZE = 10_000
GROWTH = 10
EMPTY_EXCHANGES = 9
_PIN = "739164"
_KIB = 1024


@dataclass(frozen=True)
class Step:
    """One thing measured. entries: how many it concerned; seconds: by the clock on the wall; post_cpu_s, hub_cpu_s: of
    the processor; post_mb, hub_mb: most the post's process held, and what the hub holds after it (RSS)."""

    entries: int
    seconds: float
    post_cpu_s: float
    hub_cpu_s: float
    post_mb: float
    hub_mb: float
    wire_bytes: int = 0

    @property
    def rate(self) -> float:
        """Return entries a second."""
        return self.entries / self.seconds


@dataclass(frozen=True)
class Size:
    """All that was measured with ``entries`` held on both sides. empty_ms: of an exchange with nothing to do."""

    entries: int
    up: Step
    down: Step
    rebuilt: Step
    empty_ms: float
    empty_bytes: int


def sizes(entries: int) -> list[int]:
    """Return how many entries are held at each measurement: ten times as many as before, up to ``entries``."""
    found = [min(FIRST_SIZE, entries)]
    while found[-1] < entries:
        found.append(min(found[-1] * GROWTH, entries))
    return found


def measured(workbench: Workbench, folder: Path, entries: int, say: Callable[[str], None]) -> Iterator[Size]:
    """Yield what was measured at each of the `sizes`. Raises ElearnError if an exchange does not come through."""
    environment = {**workbench.environment, "ELEARN_COURSES": str(folder / "no-courses"), "ELEARN_DATABASE": ""}
    bench = replace(workbench, environment=environment)
    (folder / "no-courses").mkdir()
    post, hub, copy = folder / "post", folder / "hub", folder / "copy"
    code = _apart(_set_up_hub, bench, hub)["code"]
    serving = {**environment, "ELEARN_DATA": str(hub)}
    with (
        running(["-m", "elearn", "hub", "--quiet"], serving, workbench.root, "/sign-in") as server,
        relay_to(server.address) as relay,
    ):
        _apart(_set_up_post, bench, post, f"http://127.0.0.1:{relay.port}", code)
        shutil.copytree(post, copy)
        held = 0
        for number, size in enumerate(sizes(entries)):
            say(f"{size} entries: recording")
            _apart(_filled, bench, post, size - held, number)
            say(f"{size} entries: up")
            up = _exchanged(bench, post, server, relay, size - held)
            say(f"  {up.rate:,.0f} entries a second")
            empty = [_exchanged(bench, post, server, relay, 0) for _ in range(EMPTY_EXCHANGES)]
            say(f"{size} entries: down, to a post that was put back")
            restored = folder / f"restored-{size}"
            shutil.copytree(copy, restored)
            down = _exchanged(bench, restored, server, relay, size)
            say(f"  {down.rate:,.0f} entries a second")
            shutil.rmtree(restored)
            say(f"{size} entries: folding anew")
            rebuilt = _step(_apart(_rebuilt, bench, post), size, 0.0, server, 0)
            say(f"  {rebuilt.rate:,.0f} entries a second")
            held = size
            middle = median(one.seconds for one in empty) * 1000
            yield Size(size, up, down, rebuilt, middle, max(one.wire_bytes for one in empty))


def _exchanged(bench: Workbench, post: Path, server: Running, relay: Relay, entries: int) -> Step:
    cpu, wire = cpu_seconds(server.process.pid), relay.total
    did = _apart(_exchange, bench, post)
    if did["went"] < entries:
        raise RuntimeError(f"{did['went']} of {entries} entries went over the line")
    return _step(did, entries, cpu_seconds(server.process.pid) - cpu, server, relay.total - wire)


def _step(did: dict[str, Any], entries: int, hub_cpu_s: float, server: Running, wire_bytes: int) -> Step:
    hub_mb = resident_mb(server.process.pid)
    return Step(entries, did["seconds"], did["cpu_s"], hub_cpu_s, did["mb"], hub_mb, wire_bytes)


def _apart(errand: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    """Do an errand in a process of its own; return what it says. Raises what it raised."""
    fresh = multiprocessing.get_context("spawn")
    near, far = fresh.Pipe()
    process = fresh.Process(target=_run, args=(far, errand, given))
    process.start()
    far.close()
    try:
        said: dict[str, Any] | Exception = near.recv()
    finally:
        process.join()
    if isinstance(said, Exception):
        raise said
    return said


def _run(far: Any, errand: Callable[..., dict[str, Any]], given: tuple[Any, ...]) -> None:
    try:
        far.send(errand(*given))
    except ElearnError as error:
        far.send(RuntimeError(str(error)))
    except Exception as error:  # noqa: BLE001 - raised again by the one who waits
        far.send(RuntimeError(f"{type(error).__name__}: {error}"))


def _set_up_hub(bench: Workbench, folder: Path) -> dict[str, Any]:
    node = _node(bench, folder, NodeKind.HUB)
    _set_up(node, "Measured Hub")
    code = give_code(node, "Measured Post")
    node.store.close()
    return {"code": code}


def _set_up_post(bench: Workbench, folder: Path, url: str, code: str) -> dict[str, Any]:
    node = _node(bench, folder, NodeKind.POST)
    _set_up(node, "Measured Post")
    enrol(node, url, code)
    outcome = exchange_once(node)
    node.store.close()
    if outcome.error is not None:
        raise outcome.error
    return {}


def _set_up(node: Node, name: str) -> None:
    secret = setting_up.one_time_link_secret(node) or ""
    form = setting_up.SetUpForm(name, "KH", "customs", ("en",), "Measured Administrator", "BENCH-0", _PIN)
    setting_up.set_up(node, form, secret)


def _filled(bench: Workbench, folder: Path, count: int, seed: int) -> dict[str, Any]:
    node = _node(bench, folder, NodeKind.POST)
    fill(node, count, seed)
    node.store.close()
    return {}


def _exchange(bench: Workbench, folder: Path) -> dict[str, Any]:
    node = _node(bench, folder, NodeKind.POST)
    node.store.write(lambda tx: tx.ledger.size())  # what a program that runs has open already
    did = _timed(lambda: exchange_once(node))
    outcome = did.pop("result")
    node.store.close()
    if outcome.error is not None:
        raise outcome.error
    return {**did, "went": outcome.sent + (outcome.healed.fetched if outcome.healed else 0)}


def _rebuilt(bench: Workbench, folder: Path) -> dict[str, Any]:
    node = _node(bench, folder, NodeKind.POST)
    did = _timed(lambda: rebuild_projections(node))
    did.pop("result")
    node.store.close()
    return did


def _timed(errand: Callable[[], Any]) -> dict[str, Any]:
    begun, cpu = time.perf_counter(), time.process_time()
    result = errand()
    seconds, cpu_s = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"result": result, "seconds": seconds, "cpu_s": cpu_s, "mb": peak / _KIB}


def _node(bench: Workbench, folder: Path, kind: NodeKind) -> Node:
    return bench.build_node(replace(bench.settings(kind), data=folder))
