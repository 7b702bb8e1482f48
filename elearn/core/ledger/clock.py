"""Whether this machine's clock can be right, judged by what is known to have happened already.

Posts lose their clock with their battery, and nobody can telephone them: so the clock is never believed blindly, never
put right by the program, and work goes on whatever it says. What is recorded meanwhile is marked; who looks after the
machine is asked. What a person says of the clock counts more than what was recorded before, until something new shows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SLACK = timedelta(seconds=2)
"""How far the clock may step back before it is doubted: what setting it by the network does is no lie."""

LEAP = timedelta(days=100)
"""How long a machine may have been off before its clock is asked about: longer than a rainy season."""

FAR_FROM_HUB = timedelta(hours=12)
"""How far the hub's clock may be off before it is a doubt: less is a wrong time zone, and moves no date by much."""

CREEP = timedelta(days=1)
"""Entries stored under a clock that is behind are stamped just after the last one: that is no news of the time."""

Kind = Literal["back", "leapt", "hub"]


@dataclass(frozen=True)
class Said:
    """What a person said: the clock was right at ``at``, although something of ``known`` was there already."""

    at: datetime
    known: datetime


@dataclass(frozen=True)
class Evidence:
    """What is known of the time, None = nothing. stored: the last entry; published: the newest course; hub: the hub's
    own time at the last exchange; own_then: this machine's time at that moment; looked: when the clock was last looked
    at without doubt; said: see `Said`."""

    stored: datetime | None = None
    published: datetime | None = None
    hub: datetime | None = None
    own_then: datetime | None = None
    looked: datetime | None = None
    said: Said | None = None

    @property
    def happened(self) -> list[datetime]:
        """Return the instants that are known to have been; the hub's own clock may be off by a little."""
        hub = None if self.hub is None else self.hub - FAR_FROM_HUB
        return [one for one in (self.stored, self.published, self.agreed_at, hub) if one is not None]

    @property
    def newest(self) -> datetime | None:
        """Return the latest instant that is known to have been."""
        return max(self.happened, default=None)

    @property
    def agreed_at(self) -> datetime | None:
        """Return when, by this machine's clock, the hub's clock said much the same."""
        if self.hub is None or self.own_then is None:
            return None
        return self.own_then if abs(self.hub - self.own_then) <= FAR_FROM_HUB else None


@dataclass(frozen=True)
class Doubt:
    """kind: "back" the clock stands before ``known``; "leapt": long after it, and nothing happened between; "hub": the
    hub's clock said ``known`` when this one said something else."""

    kind: Kind
    known: datetime


def doubt(now: datetime, evidence: Evidence) -> Doubt | None:
    """Return what speaks against the clock, None if nothing does."""
    floor = _floor(evidence)
    if floor is not None and now < floor - SLACK:
        return Doubt("back", floor)
    far = _far_from_hub(now, evidence)
    if far is not None:
        return far
    looks = (evidence.looked or evidence.stored, _said_at(evidence), evidence.agreed_at)
    since = max((one for one in looks if one is not None), default=None)
    if since is not None and now > since + LEAP:
        return Doubt("leapt", since)
    return None


def _floor(evidence: Evidence) -> datetime | None:
    """Return the instant the clock can't stand before."""
    said = evidence.said
    if said is None:
        return evidence.newest
    # What was there when the person looked, and what was stamped behind it since, is of a clock that ran ahead.
    overruled = max(said.known, said.at) + CREEP
    return max([said.at, *(one for one in evidence.happened if one > overruled)])


def _far_from_hub(now: datetime, evidence: Evidence) -> Doubt | None:
    if evidence.hub is None or evidence.own_then is None or evidence.agreed_at is not None:
        return None
    said = _said_at(evidence)
    # Set since, or looked at by a person since: the next exchange will tell.
    set_since = now < evidence.own_then - SLACK
    return None if set_since or (said is not None and said >= evidence.own_then) else Doubt("hub", evidence.hub)


def _said_at(evidence: Evidence) -> datetime | None:
    return evidence.said.at if evidence.said else None
