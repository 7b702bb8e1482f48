"""What is kept of a person, and the coarse part of it that may travel in statements.

No e-mail, telephone, birth date, ethnicity or photo: what is not kept cannot be lost.
"""

from dataclasses import dataclass
from enum import Enum


class Country(Enum):
    """The six countries of the Greater Mekong, ISO 3166-1 alpha-2."""

    CAMBODIA = "KH"
    CHINA = "CN"
    LAO_PDR = "LA"
    MYANMAR = "MM"
    THAILAND = "TH"
    VIET_NAM = "VN"


class Agency(Enum):
    """Services that send officers."""

    POLICE = "police"
    CUSTOMS = "customs"
    IMMIGRATION = "immigration"
    NARCOTICS = "narcotics"
    BORDER_GUARD = "border-guard"
    OTHER = "other"


class Sex(Enum):
    """As the officer states it."""

    FEMALE = "female"
    MALE = "male"
    UNDISCLOSED = "undisclosed"


class RankBand(Enum):
    """Coarse on purpose: a rank can point at one person, a band does not."""

    JUNIOR = "junior"
    MIDDLE = "middle"
    SENIOR = "senior"
    CIVILIAN = "civilian"


@dataclass(frozen=True)
class Particulars:
    """The coarse snapshot a statement carries, so that figures need no identities.

    country: alpha-2; post: the post's display name; each "" where not known.
    """

    country: str
    agency: str
    post: str
    sex: str
    rank_band: str


@dataclass(frozen=True)
class Person:
    """An identity. Lives only in the table `person`; leaves only for the country's own hub.

    id: random uuid, the only thing statements say about who it was.
    """

    id: str
    name: str
    service_number: str
    particulars: Particulars
