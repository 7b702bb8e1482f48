"""A small course without a single finding, in English and Khmer, to be broken one mistake at a time."""

from collections.abc import Callable
from datetime import date

TODAY = date(2026, 11, 25)
KM = "ខ្មែរ"
Files = dict[str, bytes]

QUESTIONS = [f"c-{n}" for n in range(1, 4)] + [f"p-{n}" for n in range(1, 11)] + [f"e-{n}" for n in range(1, 25)]
"""Checks, pre-test, exam: 24 written on two objectives, 20 drawn, ten linked."""


def good_course() -> Files:
    """Return the files of the course."""
    files = {
        "course.yaml": _course(),
        "questions.yaml": "".join(_structure(name) for name in QUESTIONS),
        "facts.yaml": _fact("mou-1993") + _fact("mou-1995"),
    }
    for tag, mark in (("en", ""), ("km", f"{KM} ")):
        files[f"{tag}/texts.yaml"] = _texts(mark)
        files[f"{tag}/questions.yaml"] = "".join(_words(name, mark) for name in QUESTIONS)
        files[f"{tag}/glossary.yaml"] = f"seal:\n  name: {mark}Seal\n  meaning: {mark}A numbered lock.\n"
        files[f"{tag}/looking.md"] = _lesson(mark)
        files[f"{tag}/stopping.md"] = f"## {mark}Stop\n\n> {mark}Malee stops and calls.\n"
    return {name: text.encode() for name, text in files.items()}


def changed(files: Files, name: str, old: str, new: str) -> Files:
    """Return the files with one text in one file replaced, once; it must be there."""
    text = files[name].decode()
    assert old in text, f"{old!r} is not in {name}"
    return {**files, name: text.replace(old, new, 1).encode()}


def line_of(files: Files, name: str, text: str) -> int:
    """Return the line of the first occurrence of a text."""
    return files[name].decode()[: files[name].decode().index(text)].count("\n") + 1


def edit(name: str, old: str, new: str) -> Callable[[Files], Files]:
    """Return a mutation that replaces a text."""
    return lambda files: changed(files, name, old, new)


def _course() -> str:
    pretest = ", ".join(name for name in QUESTIONS if name.startswith("p-"))
    return f"""format: 1
id: seals
code: T1
version: 1.0.0
source_language: en
languages: [en, km]
sap: [TA2-O4]
pass_mark: 0.8
validity_months: 24
attempts: {{limit: 0, wait_minutes: 0}}
glossary: [seal]
objectives:
  - o-look
  - o-stop
lessons:
  - id: looking
    number: 1
    minutes: 10
    objectives: [o-look]
    checks: [c-1, c-2, c-3]
  - id: stopping
    number: 2
    minutes: 10
    objectives: [o-stop]
pretest: [{pretest}]
exam:
  minutes: 30
  draw:
    o-look: 10
    o-stop: 10
"""


def _structure(name: str) -> str:
    kind, number = name.split("-")
    use = {"c": "check", "p": "pretest", "e": "exam"}[kind]
    objective = "o-stop" if int(number) % 2 == 0 and kind != "c" else "o-look"
    several = name == "c-2"
    text = f"- id: {name}\n  kind: {'multiple' if several else 'choice'}\n  objective: {objective}\n  use: {use}\n"
    text += f"  options: [a, b, c]\n  correct: [{'a, b' if several else 'a'}]\n"
    if kind == "e" and int(number) <= 10:
        text += f"  linked: p-{number}\n"
    return text + ("  critical: true\n" if name == "e-1" else "")


def _words(name: str, mark: str) -> str:
    options = "".join(f"    {key}: {mark}option {key} of {name}\n" for key in "abc")
    feedback = "".join(f"    {key}: {mark}because of {key} in {name}\n" for key in "abc")
    return f"{name}:\n  stem: {mark}What about {name}?\n  options:\n{options}  feedback:\n{feedback}"


def _texts(mark: str) -> str:
    return f"""title: {mark}Seals
summary: {mark}How to look at a seal.
outcomes:
  - {mark}The officer can read a seal.
  - {mark}The officer can stop in time.
objectives:
  o-look: {mark}How to look
  o-stop: {mark}When to stop
lessons:
  looking:
    title: {mark}Looking
    summary: {mark}How to look.
  stopping:
    title: {mark}Stopping
    summary: {mark}When to stop.
"""


def _lesson(mark: str) -> str:
    return f"""## {mark}Look

{mark}Four countries signed.[^mou-1993] Two joined.[^mou-1995]

- {mark}**Look** first
- {mark}then touch

### {mark}Table

| {mark}Word | {mark}Meaning |
|---|---|
| {mark}Seal | {mark}Lock |
"""


def _fact(name: str) -> str:
    return f"""- id: {name}
  claim: Somebody signed something.
  source: {{title: A book, body: A body, year: 2017, section: Page 1, url: "https://example.org/"}}
  read: 2026-11-24
  review_by: 2028-11-24
  mark: V
"""
