"""The list of projections. A new one is one file beside this and one line here."""

from elearn.core.projections.attempts import Attempts
from elearn.core.projections.attendance import Attendances
from elearn.core.projections.base import CURSOR, VOIDED_IDS, Projection
from elearn.core.projections.certificates import Certificates
from elearn.core.projections.checks import Checks
from elearn.core.projections.completions import Completions
from elearn.core.projections.doubtful import Doubtful
from elearn.core.projections.followups import FollowUps
from elearn.core.projections.progress import Progress
from elearn.core.projections.refreshers import Refreshers
from elearn.core.projections.retention import Retention
from elearn.core.projections.reviews import Reviews
from elearn.core.projections.satisfaction import Satisfactions
from elearn.core.projections.tries import Tries
from elearn.core.vocab.tables import Table

PROJECTIONS: tuple[Projection, ...] = (
    Progress(),
    Checks(),
    Attempts(),
    Completions(),
    Certificates(),
    Satisfactions(),
    Reviews(),
    Refreshers(),
    Retention(),
    Tries(),
    Attendances(),
    FollowUps(),
    Doubtful(),
)

VERSIONS: dict[str, int] = {projection.name: projection.version for projection in PROJECTIONS}

FOLDED_TABLES: tuple[Table, ...] = (
    VOIDED_IDS,
    *(table for projection in PROJECTIONS for table in projection.tables),
)
"""Every table that can be dropped and folded anew."""

__all__ = ["CURSOR", "FOLDED_TABLES", "PROJECTIONS", "VERSIONS"]
