"""Trains the zstd dictionary that packs statements: `python -m elearn.adapters.train_dictionary <file>`.

The samples are statements as the program builds them, with random ids; every run gives another dictionary, and a
shipped one is never replaced: write to the next number (see `bodies.py`).
"""

import json
import random
import sys
from pathlib import Path
from uuid import UUID

import zstandard

from elearn.core.vocab.people import Agency, Country, Particulars, RankBand, Sex
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build, build_void
from elearn.core.xapi.statement import Statement

SIZE_BYTES = 8 * 1024
SAMPLES = 4000
_LANGUAGES = ("en", "km", "lo", "my", "th", "vi", "zh_Hans")


def samples(chance: random.Random) -> list[bytes | bytearray | memoryview]:
    """Return statements of every kind, as they are stored."""
    made = [_statement(chance) for _ in range(SAMPLES)]
    return [json.dumps(one.body, ensure_ascii=False, separators=(",", ":")).encode() for one in made]


def _uuid(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


def _saying(chance: random.Random) -> Saying:
    one_of = chance.choice
    return Saying(
        actor=_uuid(chance),
        particulars=Particulars(
            one_of(list(Country)).value,
            one_of(list(Agency)).value,
            f"{one_of(('Border post', 'Checkpoint', 'Gate'))} {chance.randrange(99)}",
            one_of(list(Sex)).value,
            one_of(list(RankBand)).value,
        ),
        timestamp=f"20{chance.randrange(26, 34)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        f"T{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}"
        f".{chance.randrange(10**6):06}Z",
        node=_uuid(chance),
    )


def _statement(chance: random.Random) -> Statement:
    course = chance.choice(("interdiction", "risk-profiling", "drug-identification", "evidence"))
    word = chance.choice(("search", "vehicle", "papers", "cargo", "interview")) + f"-{chance.randrange(40)}"
    taken = {
        "digest": f"{chance.getrandbits(256):064x}",
        "version": f"1.{chance.randrange(9)}",
        "language": chance.choice(_LANGUAGES),
    }
    return chance.choice(_KINDS)(chance, course, word, taken)


def _answered(chance: random.Random, course: str, word: str, taken: dict[str, str]) -> Statement:
    right = chance.random() < 0.8
    response = "[,]".join(chance.sample("abcdef", chance.randrange(1, 4)))
    return build(
        _saying(chance),
        _uuid(chance),
        verbs.ANSWERED,
        verbs.question_iri(course, word),
        result={"response": response, "score": {"scaled": 1 if right else 0}, "success": right},
        attempt=_uuid(chance),
        extensions={**taken, "place": chance.choice(("pretest", "exam", "check"))},
        parent=verbs.sitting_iri(course, "exam"),
    )


def _initialized(chance: random.Random, course: str, word: str, taken: dict[str, str]) -> Statement:
    questions = [
        {"id": f"{word}-{index}", "options": chance.sample("abcd", 4)} for index in range(chance.randrange(5, 21))
    ]
    return build(
        _saying(chance),
        _uuid(chance),
        verbs.INITIALIZED,
        verbs.sitting_iri(course, chance.choice(("exam", "pretest"))),
        result_extensions={
            "questions": questions,
            "seed": chance.getrandbits(53),
            "ends_at": _saying(chance).timestamp,
        },
        attempt=_uuid(chance),
        extensions=taken,
    )


def _read(chance: random.Random, course: str, word: str, taken: dict[str, str]) -> Statement:
    place = chance.choice((verbs.course_iri(course), verbs.lesson_iri(course, word)))
    verb = chance.choice((verbs.COMPLETED, verbs.REGISTERED))
    return build(_saying(chance), _uuid(chance), verb, place, extensions=taken)


def _handed_in(chance: random.Random, course: str, word: str, taken: dict[str, str]) -> Statement:
    passed = chance.random() < 0.7
    return build(
        _saying(chance),
        _uuid(chance),
        verbs.PASSED if passed else verbs.FAILED,
        verbs.sitting_iri(course, chance.choice(("exam", "pretest"))),
        result={"score": {"scaled": chance.randrange(101) / 100}, "success": passed, "completion": True},
        result_extensions={"missed": [word], "critical_missed": []},
        attempt=_uuid(chance),
        extensions=taken,
    )


def _certified(chance: random.Random, course: str, word: str, taken: dict[str, str]) -> Statement:
    number = f"{word[:4].upper()}-9QXA-2BTF-HW4C"
    if chance.random() < 0.1:
        return build_void(_saying(chance), _uuid(chance), _uuid(chance), _uuid(chance))
    return build(
        _saying(chance),
        _uuid(chance),
        chance.choice((verbs.CERTIFIED, verbs.CERTIFIED, verbs.REVOKED)),
        verbs.certificate_iri(number),
        result={"score": {"scaled": chance.randrange(101) / 100}},
        attempt=_uuid(chance),
        extensions={**taken, "course": course, "expires_at": _saying(chance).timestamp, "subject": _uuid(chance)},
    )


_KINDS = (_answered, _answered, _answered, _answered, _answered, _initialized, _read, _read, _handed_in, _certified)


def main(target: Path) -> None:
    """Write a dictionary; refuse to replace one."""
    trained = zstandard.train_dictionary(SIZE_BYTES, samples(random.Random()))  # noqa: S311 - invented samples
    with target.open("xb") as file:
        file.write(trained.as_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
