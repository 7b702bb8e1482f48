"""JSON for programs: the figures exactly as they are hashed, what they rest on, and the words for the codes.

To check the hash: SHA-256 over the RFC 8785 form of `figures`.
"""

import json
from dataclasses import asdict
from typing import Any

from elearn.core.exports.lines import about_lines
from elearn.core.stats.report import Report
from elearn.core.stats.words import Words
from elearn.core.vocab.followup import STOPPED
from elearn.core.vocab.satisfaction import HELPED, ITEMS

FORMAT = 1


def to_json(report: Report, words: Words) -> bytes:
    """Return the report; the same report gives the same bytes."""
    standing: dict[str, Any] = {**asdict(report.standing), "confirmed": report.standing.confirmed}
    document = {
        "format": FORMAT,
        "sha256": report.sha256,
        "figures": report.figures(),
        "standing": standing,
        "notes": [line.row_label for line in about_lines(report, words) if line.row == "note"],
        "language": words.language,
        "labels": {
            **{table.dimension: _labels(table.dimension, report, words) for table in report.tables},
            "item": {item: words.of("item", item) for item in ITEMS},
            "helped": {choice: words.of("helped", choice) for choice in HELPED},
            "stopped": {choice: words.of("stopped", choice) for choice in STOPPED},
        },
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _labels(dimension: str, report: Report, words: Words) -> dict[str, str]:
    return {line.value: words.of(dimension, line.value) for line in report.table(dimension).lines}
