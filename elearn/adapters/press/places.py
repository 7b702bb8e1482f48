"""Where each text of a certificate goes, and the sizes it is tried in: shrink, then wrap, then refuse.

Two sets, as beside English there is less room than alone. Sizes in points are classes of certificate.css.
"""

from elearn.adapters.press.fitting import Place, Step

AWARD_MM = 180.0
FACTS_MM = 57.0
SIGNATORY_MM = 53.0
SEAL_MM = (45.0, 20.0)
SEAL_GAP_MM = 5.0


def _steps(*given: float | tuple[float, int]) -> tuple[Step, ...]:
    return tuple(Step(*one) if isinstance(one, tuple) else Step(one) for one in given)


BOTH = {
    "issuer": Place(AWARD_MM, _steps(15, 14, 13, 12, 11, 10, (12, 2), (11, 2), (10, 2), (9, 2)), bold=True),
    "issuer_english": Place(AWARD_MM, _steps(10.5, 10, 9, (9, 2))),
    "heading": Place(AWARD_MM, _steps(30, 28, 26, 24, 22, 20, 18), bold=True),
    "second_heading": Place(AWARD_MM, _steps(14, 12)),
    "name": Place(AWARD_MM, _steps(32, 30, 28, 26, 24, 22, 20, (20, 2), (18, 2), (16, 2), (14, 2)), bold=True),
    "unit": Place(AWARD_MM, _steps(11, (11, 2))),
    "title": Place(AWARD_MM, _steps(20, 18, 17, 16, (16, 2), (14, 2)), bold=True),
    "second_title": Place(AWARD_MM, _steps(13, 12, 11, (11, 2))),
    "outcome": Place(AWARD_MM, _steps((9.5, 3))),
    "hint": Place(FACTS_MM, _steps((8, 4))),
    "draft": Place(FACTS_MM, _steps((7.5, 2))),
    "fact": Place(FACTS_MM, _steps(13, 12, 11, 10, (10, 2)), bold=True),
    "signatory": Place(SIGNATORY_MM, _steps(10, (10, 2)), bold=True),
    "signatory_title": Place(SIGNATORY_MM, _steps((9, 2))),
}
ALONE = BOTH | {
    "issuer": Place(AWARD_MM, _steps(17, 16, 15, 14, 12, 11, (12, 2), (11, 2), (10, 2)), bold=True),
    "heading": Place(AWARD_MM, _steps(36, 34, 32, 30, 28, 26, 24), bold=True),
    "name": Place(
        AWARD_MM, _steps(38, 36, 34, 32, 30, 28, 26, 24, 22, (22, 2), (20, 2), (18, 2), (16, 2), (14, 2)), bold=True
    ),
    "unit": Place(AWARD_MM, _steps(12.5, (12.5, 2))),
    "title": Place(AWARD_MM, _steps(26, 24, 22, 20, (20, 2), (18, 2), (16, 2), (14, 2)), bold=True),
    "outcome": Place(AWARD_MM, _steps((10.5, 3))),
    "hint": Place(FACTS_MM, _steps((8.5, 4))),
    "fact": Place(FACTS_MM, _steps(14, 13, 12, 11, (11, 2)), bold=True),
    "signatory": Place(SIGNATORY_MM, _steps(10.5, (10.5, 2)), bold=True),
    "signatory_title": Place(SIGNATORY_MM, _steps((9.5, 2))),
}
PAIR = Place(AWARD_MM, _steps(11.5))
WATERMARK = Place(170, _steps(140, 110, 80, 60, 46, 34, 24), bold=True)
