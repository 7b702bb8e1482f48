"""What the commands that check share: the term lists, and which findings end a check with 1."""

import argparse
from collections.abc import Collection

from elearn.cli.workbench import Workbench
from elearn.core.content.finding import Finding, Findings
from elearn.core.content.terms import TermList, read_term_lists


def add_fail_on(parser: argparse.ArgumentParser) -> None:
    """Declare --fail-on."""
    parser.add_argument(
        "--fail-on",
        action="append",
        default=[],
        metavar="CODE",
        help="end with 1 for these warnings too: a code such as term.not-held, or the first part of one, term",
    )


def fails(finding: Finding, fail_on: Collection[str]) -> bool:
    """Tell whether the check fails for it: an error, or a warning with one of the codes."""
    return finding.severity == "error" or any(f"{finding.code}.".startswith(f"{code}.") for code in fail_on)


def term_lists(workbench: Workbench) -> tuple[dict[str, TermList], tuple[Finding, ...]]:
    """Return language -> term list, and what is wrong with the lists, by file in the folder of translations."""
    findings = Findings()
    lists = read_term_lists(workbench.course_files().terms(), findings)
    return lists, findings.listed()
