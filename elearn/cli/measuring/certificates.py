"""Certificates, measured: one warm one beside bare WeasyPrint, and a batch over HTTP while pages are asked for."""

import json
import os
import pickle
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from elearn.cli.measuring.load import Connection, request
from elearn.cli.measuring.process import Running, family, resident_mb, shared_mb
from elearn.cli.measuring.scene import PIN
from elearn.core.roster.form import OfficerForm, filled, tidied
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.ports import Transaction
from elearn.services import accounts
from elearn.services.certify import certificate_page, certified
from elearn.services.node import Node, known
from elearn.services.officers import defaults, open_account
from elearn.services.packages import Package, current_packages
from elearn.services.record import record_in, saying_for

NAMES = {
    "en": "Mara Lim",
    "km": "សុខ ដារា",
    "lo": "ບຸນມີ ແກ້ວ",
    "my": "ဦးလှ",
    "th": "ใจ ดี",
    "vi": "Nguyễn Thị Phương Thảo",
    "zh_Hans": "李娜",
}
ROUNDS = 84
"""Six times each of fourteen pages, in both orders."""
MEASURE = "elearn.adapters.press_measure"
LOOK_EVERY_S = 0.1
LONGEST_S = 3600.0


@dataclass(frozen=True)
class Holders:
    """What was prepared. numbers: of certificates; cookies, csrf: of an administrator who is signed in."""

    numbers: tuple[str, ...]
    cookies: str
    csrf: str


@dataclass(frozen=True)
class One:
    """One certificate, milliseconds of the processor. words_ms: put into words and signed, sheet_ms: set as HTML, both
    in ours_ms; ratio: to bare, the median of pairs."""

    words_ms: float
    sheet_ms: float
    ours_ms: float
    bare_ms: float
    ratio: float
    first_ms: float
    size_bytes: float


@dataclass
class Batch:
    """A batch, watched. peaks: process -> most resident MB; most_mb: of all together, without what the server took
    before, shared pages counted once; waits_ms: of pages asked for meanwhile; quiet_ms: the same before."""

    seconds: float = 0.0
    size_bytes: int = 0
    peaks: dict[str, float] = field(default_factory=dict)
    most_mb: float = 0.0
    quiet_ms: list[float] = field(default_factory=list)
    waits_ms: list[float] = field(default_factory=list)


def fill(node: Node, count: int) -> Holders:
    """Give ``count`` invented officers a certificate each, languages in turn. Raises as `scene.fill`."""
    with node.store.reading() as tx:
        package = next(one for one in current_packages(tx) if one.course.examined)
    numbers = tuple(node.store.write(partial(_issue, node, package, place)) for place in range(count))
    token = accounts.sign_in(node, "BENCH-0", PIN, device="bench").token
    session = accounts.session(node, token)
    return Holders(numbers, f"elearn_session={token}; elearn_language={SOURCE}", session.csrf if session else "")


def _issue(node: Node, package: Package, place: int, tx: Transaction) -> str:
    language = tuple(LANGUAGES)[place % len(LANGUAGES)]
    form, _ = tidied(OfficerForm(service_number=f"HOLDER-{place}", name=NAMES[language]))
    person = node.ids.new()
    open_account(tx, node, person, filled(form, defaults(known(tx))), "", must_change=False)
    saying = saying_for(tx, node, person)
    said = certified(tx, node, saying, package, attempt=node.ids.new(), score=0.9, language=language)
    record_in(tx, node, said)
    return str(said.object_id).rsplit("/", 1)[-1]


def one(node: Node, holders: Holders, root: Path) -> One | None:
    """Measure one certificate, warm, in every language in turn; None where there is no press."""
    pages, credentials, words = [], list[str](), list[float]()
    for number in (*holders.numbers[: len(LANGUAGES)], *holders.numbers[: len(LANGUAGES)]):
        begun = time.process_time()
        page = certificate_page(node, number, "")
        # Twice, as the press does: once to know how much room it takes, once with the digest of the file.
        credential = max(page.credential(bytes(32)) for _ in range(2)) if page.credential else ""
        words.append((time.process_time() - begun) * 1000)
        pages.append(replace(page, credential=None))
        credentials.append(credential)
    given = pickle.dumps({"pages": pages, "credentials": credentials, "rounds": ROUNDS})
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-m", MEASURE], input=given, stdout=subprocess.PIPE, check=True, env=environment
    )
    found = json.loads(done.stdout)
    if not found:
        return None
    words_ms = median(words[len(LANGUAGES) :])
    ratios = [(words_ms + ours) / bare for ours, bare in zip(found["ours_ms"], found["bare_ms"], strict=True)]
    return One(
        words_ms=words_ms,
        sheet_ms=median(found["sheet_ms"]),
        ours_ms=words_ms + median(found["ours_ms"]),
        bare_ms=median(found["bare_ms"]),
        ratio=median(ratios),
        first_ms=found["first_ms"],
        size_bytes=median(found["bytes"]),
    )


def batch(server: Running, holders: Holders, form: str) -> Batch:
    """Have all certificates made over HTTP, and watch. Raises ValueError if it was not begun or failed."""
    connection, found = Connection(server.address), Batch()
    home = request("GET", "/courses", server.host, holders.cookies).encode()
    health = request("GET", "/sign-in", server.host).encode()
    found.quiet_ms = [_wait_ms(connection, one) for _ in range(30) for one in (health, home)]
    before_mb = sum(shared_mb(pid) for pid in family(server.process.pid))
    said = urlencode({"csrf": holders.csrf, "form": form})
    begun = time.perf_counter()
    status, head, _ = connection.ask(
        request("POST", "/print/certificates", server.host, holders.cookies, said).encode()
    )
    address = next((line[10:].decode() for line in head.split(b"\r\n") if line.lower().startswith(b"location: ")), "")
    if status != 302 or "/files/" not in address:
        raise ValueError(f"the batch was not begun: {status}")
    page = request("GET", address, server.host, holders.cookies).replace("Accept-Encoding: gzip\r\n", "").encode()
    while time.perf_counter() - begun < LONGEST_S:
        _weigh(server, found, before_mb)
        found.waits_ms += [_wait_ms(connection, one) for one in (health, home)]
        text = connection.ask(page)[2]
        if b"data-follow" not in text:
            break
        time.sleep(LOOK_EVERY_S)
    found.seconds = time.perf_counter() - begun
    status, _, content = connection.ask(request("GET", f"{address}/file", server.host, holders.cookies).encode())
    connection.close()
    if status != 200:
        raise ValueError(f"the batch failed: {status}")
    found.size_bytes = len(content)
    return found


def _wait_ms(connection: Connection, wanted: bytes) -> float:
    begun = time.perf_counter()
    connection.ask(wanted)
    return (time.perf_counter() - begun) * 1000


def _weigh(server: Running, found: Batch, before_mb: float) -> None:
    pids = family(server.process.pid)
    together = sum(shared_mb(pid) for pid in pids) - before_mb
    found.most_mb = max(found.most_mb, together)
    for pid in pids:
        name = "server" if pid == server.process.pid else f"process {pid}"
        found.peaks[name] = max(found.peaks.get(name, 0.0), resident_mb(pid))
