"""The outcomes of the Sub-regional Action Plan (tenth revision, 2017-2019) that courses serve, and its areas, in words.

Each sentence is a msgid of the translation catalogs; a course names outcomes by their codes in ``sap``.
"""


def _(message: str) -> str:
    """Mark a sentence for the catalogs; it is translated where it is shown."""
    return message


OUTCOMES: dict[str, str] = {
    "TA1-O1": _("Data and research on drugs and health are available and shared"),
    "TA1-O2": _("Policies on prevention, treatment and care put health first"),
    "TA1-O3": _("Prevention, harm reduction and treatment have sound structures"),
    "TA1-O4": _("Staff are trained in methods that are known to work"),
    "TA1-O5": _("There is guidance on HIV for people who use drugs and people in prison"),
    "TA1-O6": _("Law enforcement officers are trained on HIV, drugs and harm reduction"),
    "TA2-O1": _("Border liaison offices work, with joint operations and common procedures"),
    "TA2-O2": _("Information on drug production and trafficking is shared in time"),
    "TA2-O3": _("Frontline officers gain knowledge and skills on shared training platforms"),
    "TA2-O4": _("Officers on the main routes are better able to find and stop drugs"),
    "TA2-O5": _("Chemicals for making drugs are kept from being diverted"),
    "TA2-O6": _("Drugs are identified and profiled more reliably"),
    "TA2-O7": _("Officers can follow the money and take away criminal assets"),
    "TA2-O8": _("There are answers to new psychoactive substances"),
    "TA3-O1": _("Judges, prosecutors and officers apply drug laws correctly"),
    "TA3-O2": _("Requests for legal assistance and extradition are carried out better"),
    "TA3-O3": _("Countries work together to seize and recover assets"),
    "TA4-O1": _("Support and means for alternative development are kept up"),
    "TA4-O2": _("Alternative development is part of national drug plans"),
    "TA4-O3": _("Governments carry out alternative development together"),
    "TA4-O4": _("Crops of opium are watched, checked and reported every year"),
}

AREAS: dict[str, str] = {
    "TA1": _("Drugs and health"),
    "TA2": _("Cooperation in law enforcement"),
    "TA3": _("Cooperation in legal matters and before courts"),
    "TA4": _("Alternative development"),
}


def area_of(outcome: str) -> str:
    """Return the area an outcome is of, "" for none."""
    return outcome.partition("-")[0]


def outcome_words(code: str) -> str:
    """Return the English words of an outcome, the code itself if it is not in the plan."""
    return OUTCOMES.get(code, code)
