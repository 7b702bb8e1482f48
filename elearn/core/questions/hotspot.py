"""Places to be found on a drawing of the course. The page draws numbers over the drawing and lists them below it.

The list is the question: it has the name of each place and a check box, so that neither a mouse nor a view of the
drawing is needed. Graded as `multiple`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from elearn.core.questions.base import Fault, Grade, Keyed, Words, fields_of, option_faults
from elearn.core.questions.multiple import key_faults, share_of_right
from elearn.core.questions.standard import Standard

SIDES = ("x", "y", "width", "height")
_NUMBER = re.compile(r"-?\d{1,5}(\.\d{1,2})?", re.ASCII)
_VIEW_BOX = re.compile(r'viewBox="([^"]+)"')
_RADIUS = 0.028
"""Of a number's disc, as a share of the drawing's width."""


class Hotspot(Standard):
    """Numbered places. Response: the keys of the places chosen, in the author's order.

    spots: place -> {x, y, width, height} in units of the drawing's viewBox.
    """

    name = "hotspot"
    fields = frozenset(("picture", "spots", "correct"))

    def implied(self, plan: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the places."""
        return tuple(fields_of(plan.get("spots")))

    def check(self, question: Keyed) -> list[Fault]:
        """Return what is wrong with the places and the key; whether they lie in the drawing, only a course can tell."""
        faults = [*option_faults(question, least=3, most=12), *key_faults(question)]
        for key, spot in fields_of(question.plan.get("spots")).items():
            sides = fields_of(spot)
            if {*sides} != {*SIDES} or not all(_is_number(sides[side]) for side in SIDES):
                faults.append(Fault("hotspot.spot-malformed", {"option": key}, "spots"))
        return faults

    def view(self, question: Keyed, words: Words, shown: Sequence[str], response: Sequence[str]) -> dict[str, Any]:
        """Return {options, drawing: SVG without its end, spots: [{key, number, x, y, width, height, cx, cy, r}]}."""
        svg = str(words.get("picture", ""))
        radius = round(_width(svg) * _RADIUS, 1)
        spots = [_spot(question, key, number, radius) for number, key in enumerate(shown, start=1)]
        drawing = svg[: svg.rindex("</svg>")] if "</svg>" in svg else ""
        return {**super().view(question, words, shown, response), "drawing": drawing, "spots": spots}

    def grade(self, question: Keyed, response: Sequence[str]) -> Grade:
        """Return (right chosen - wrong chosen) / right ones, not under 0."""
        return share_of_right(question, response)


def outside(plan: Mapping[str, Any], view_box: str) -> list[str]:
    """Return the places that do not lie wholly in a drawing. view_box: of the drawing, ``0 0 640 500``."""
    sides = [float(one) for one in view_box.replace(",", " ").split() if _is_number(one)]
    if len(sides) != 4:
        return []
    left, top, width, height = sides
    found = []
    for key, spot in fields_of(plan.get("spots")).items():
        x, y, wide, high = (float(fields_of(spot).get(side, "0")) for side in SIDES)
        inside = left <= x and top <= y and x + wide <= left + width and y + high <= top + height
        if not inside or wide <= 0 or high <= 0:
            found.append(key)
    return found


def _spot(question: Keyed, key: str, number: int, radius: float) -> dict[str, Any]:
    x, y, width, height = (float(question.plan["spots"][key][side]) for side in SIDES)
    shape = {"x": x, "y": y, "width": width, "height": height, "cx": x + width / 2, "cy": y + height / 2, "r": radius}
    return {"key": key, "number": number, **{name: f"{value:g}" for name, value in shape.items()}}


def _width(svg: str) -> float:
    found = _VIEW_BOX.search(svg)
    sides = found[1].replace(",", " ").split() if found else []
    return float(sides[2]) if len(sides) == 4 and _is_number(sides[2]) else 0.0


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and bool(_NUMBER.fullmatch(value))
