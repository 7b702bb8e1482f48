"""The course of all kinds with one mistake each: (code, file, text, what it becomes, line that is to be found)."""

from kinds_course import Files

Q, EQ, KQ, ET = "questions.yaml", "en/questions.yaml", "km/questions.yaml", "en/texts.yaml"
Row = tuple[str, str, str, str, str]

_NUMBER = 'answer: {"value": "12.5", "tolerance": "0.5"}'
_PAIRS = 'pairs: {"a": "x", "b": "z"}'
_TARGETS = 'targets: ["x", "y", "z"]'
_GAPS = 'gaps: ["gap-1", "gap-2"]'
_SPOT = '"a": {"x": "10",'
_NEXT = '"a": {"next": "near"}'
_LAST = '"near": {"options": {"a": {"end": "true"}, "b": {"end": "true", "unsafe": "true"}}}'
_TWO_ENDS = '{"options": {"a": {"end": "true"}, "b": {"end": "true"}}}'
_ACCEPTED = 'accepted: ["seal", "seal car"]'
_VERDICT = 'feedback: {"right": "Because seal", "wrong": "Look lorry"}'

ROWS: list[Row] = [
    ("question.correct-true-false", Q, 'correct: "true"', 'correct: "yes"', 'correct: "yes"'),
    ("question.correct-true-false", Q, 'correct: "true"', 'correct: ["true", "false"]', 'correct: ["true"'),
    ("number.malformed", Q, _NUMBER, 'answer: {"value": "12 kg"}', 'answer: {"value": "12 kg"}'),
    ("number.malformed", Q, _NUMBER, 'answer: {"value": "12", "tolerance": "-1"}', 'answer: {"value": "12", "tol'),
    ("number.malformed", Q, _NUMBER, 'answer: {"value": ["12"]}', 'answer: {"value": ["12"]}'),
    ("number.no-value", Q, _NUMBER, 'answer: {"tolerance": "1"}', 'answer: {"tolerance": "1"}'),
    ("number.no-value", Q, _NUMBER, "answer: 12", "answer: 12"),
    ("number.field-unknown", Q, _NUMBER, 'answer: {"value": "1", "unit": "kg"}', 'answer: {"value": "1", "unit"'),
    ("match.both-sides", Q, _TARGETS, 'targets: ["x", "a", "z"]', 'targets: ["x", "a"'),
    ("match.no-pair", Q, _PAIRS, 'pairs: {"a": "x"}', 'pairs: {"a": "x"}'),
    ("match.pair-unknown", Q, _PAIRS, 'pairs: {"a": "x", "b": "q"}', 'pairs: {"a": "x", "b": "q"}'),
    ("match.pair-unknown", Q, _PAIRS, 'pairs: {"a": "x", "b": ["z"]}', 'pairs: {"a": "x", "b": ["z"]}'),
    ("match.pair-unknown", Q, _PAIRS, 'pairs: {"a": "x", "b": "z", "c": "y"}', 'pairs: {"a": "x", "b": "z", "c"'),
    ("question.options-few", Q, _TARGETS, 'targets: "x"', 'targets: "x"'),
    ("fillin.gap-malformed", Q, _GAPS, 'gaps: ["gap-1", "two"]', 'gaps: ["gap-1", "two"]'),
    ("fillin.gap-twice", Q, _GAPS, 'gaps: ["gap-1", "gap-1"]', 'gaps: ["gap-1", "gap-1"]'),
    ("fillin.gaps-count", Q, _GAPS, "gaps: []", "gaps: []"),
    ("fillin.gaps-count", Q, _GAPS, 'gaps: {"gap-1": "car"}', 'gaps: {"gap-1": "car"}'),
    ("fillin.gap-unknown", KQ, "{gap-2} (c)", "{gap-3} (c)", "{gap-3} (c)"),
    ("fillin.gap-not-once", KQ, "{gap-2} (c)", "{gap-1} (c)", "{gap-1} (c)"),
    ("hotspot.spot-malformed", Q, _SPOT, '"a": {"x": "left",', 'spots: {"a": {"x": "left"'),
    ("hotspot.spot-malformed", Q, 'spots: {"a": {', 'spots: {"d": "here", "a": {', 'spots: {"d": "here"'),
    ("hotspot.outside", Q, _SPOT, '"a": {"x": "260",', 'spots: {"a": {"x": "260"'),
    ("hotspot.outside", Q, '"height": "60.5"', '"height": "-1"', '"height": "-1"'),
    ("picture.unknown", Q, 'picture: "car"', 'picture: "bus"', 'picture: "bus"'),
    ("scenario.no-start", Q, 'nodes: {"start":', 'nodes: {"begin":', 'nodes: {"begin":'),
    ("scenario.no-start", Q, "nodes: {", "nodes: [] # {", "nodes: []"),
    ("scenario.node-malformed", Q, '{"start": {"options"', '{"start": {"choices"', '{"start": {"choices"'),
    ("scenario.node-malformed", Q, '"near": {"options"', '"Near!": {"options"', '"Near!": {"options"'),
    (
        "scenario.options-count",
        Q,
        _LAST,
        '"near": {"options": {"a": {"end": "true"}}}',
        '"near": {"options": {"a": {"end": "true"}}}',
    ),
    ("scenario.option-malformed", Q, _NEXT, '"a": {"next": "near", "then": "x"}', '"near", "then"'),
    ("scenario.option-malformed", Q, _NEXT, '"A": {"next": "near"}', '"A": {"next": "near"}'),
    ("scenario.option-malformed", Q, _NEXT, '"a": {"next": "near", "unsafe": "maybe"}', '"unsafe": "maybe"'),
    ("scenario.next-or-end", Q, _NEXT, '"a": {"next": "near", "end": "true"}', '"near", "end"'),
    ("scenario.next-or-end", Q, _NEXT, '"a": {"unsafe": "true"}', '"a": {"unsafe"'),
    ("scenario.next-unknown", Q, _NEXT, '"a": {"next": "far"}', '"next": "far"'),
    ("scenario.next-unknown", Q, _NEXT, '"a": {"next": ["near"]}', '"next": ["near"]'),
    ("scenario.critical-goes-on", Q, _NEXT, '"a": {"next": "near", "critical": "true"}', '"near", "critical"'),
    ("scenario.unreachable", Q, _LAST, f'{_LAST}, "far": {_TWO_ENDS}', '"far": {'),
    (
        "scenario.circle",
        Q,
        _LAST,
        '"near": {"options": {"a": {"next": "start"}, "b": {"end": "true"}}}',
        '{"next": "start"}',
    ),
    (
        "scenario.no-good-end",
        Q,
        '"near": {"options": {"a": {"end": "true"}',
        '"near": {"options": {"a": {"end": "true", "unsafe": "true"}',
        '"near": {"options": {"a": {"end": "true", "uns',
    ),
    ("scenario.no-danger", Q, "nodes: {", f'nodes: {{"start": {_TWO_ENDS}}} # ', "nodes: {"),
    ("scenario.too-long", Q, _LAST, ", ".join([_LAST, *(f'"n{n}": {_TWO_ENDS}' for n in range(15))]), '"n14"'),
    ("accepted.missing", EQ, _ACCEPTED, "accepted: []", "c-text"),
    ("accepted.missing", KQ, '"gap-2": ["ឡានដឹកទំនិញ"]', '"gap-2": []', '"gap-2": []'),
    ("accepted.same", EQ, _ACCEPTED, 'accepted: ["seal", "Seal!"]', 'accepted: ["seal", "Seal!"]'),
    ("accepted.unusable", EQ, _ACCEPTED, 'accepted: ["...", "seal"]', 'accepted: ["...", "seal"]'),
    ("accepted.unusable", EQ, _ACCEPTED, 'accepted: ["a[,]b", "seal"]', 'accepted: ["a[,]b", "seal"]'),
    ("accepted.wrong-script", KQ, 'accepted: ["ត្រា", "ត្រា រថយន្ត"]', 'accepted: ["lock"]', 'accepted: ["lock"]'),
    ("unit.unknown", EQ, _ACCEPTED, f'{_ACCEPTED}\n  hint: "seal"', 'hint: "seal"'),
    (
        "feedback.verdict-missing",
        EQ,
        _VERDICT,
        'feedback: {"right": "Because seal"}',
        'feedback: {"right": "Because seal"}',
    ),
    (
        "options.missing",
        EQ,
        '"near": {"a": "Look 1", "b": "Look 2"}}',
        '"near": {"a": "Look 1"}}',
        '"near": {"a": "Look 1"}}',
    ),
    (
        "options.unknown",
        EQ,
        '"near": {"a": "Look 1", "b": "Look 2"}}',
        '"near": {"a": "Look 1", "b": "Look 2", "c": "Look 3"}}',
        '"c": "Look 3"}}',
    ),
    (
        "options.same",
        EQ,
        '"near": {"a": "Look 1", "b": "Look 2"}}',
        '"near": {"a": "Look 1", "b": "Look 1"}}',
        '"b": "Look 1"}}',
    ),
    ("options.same", EQ, '"x": "seal 1", "y": "seal 2"', '"x": "seal 1", "y": "seal 1"', '"y": "seal 1"'),
    ("field.unknown", Q, _NUMBER, f'{_NUMBER}\n  options: ["a", "b"]', 'options: ["a", "b"]\n  confidence'),
    ("field.missing", Q, f"{_NUMBER}\n", "\n", '- id: "c-number"'),
    ("field.wrong-type", Q, 'confidence: "true"', 'confidence: "very"', 'confidence: "very"'),
]
"""Of three uses of a kind the first is broken: the check."""


def broken(files: Files, row: Row) -> Files:
    """Return the files with the mistake of a row, once; its text must be there."""
    _, name, old, new, _ = row
    text = files[name].decode()
    assert old in text, f"{old!r} is not in {name}"
    return {**files, name: text.replace(old, new, 1).encode()}
