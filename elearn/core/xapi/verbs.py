"""The verbs in use: ADL's where one exists, our own IRIs otherwise; and the IRIs of activities and extensions.

`elearn.invalid` can never be somebody's domain (RFC 2606): these IRIs name things, they are not addresses.
"""

ADL = "http://adlnet.gov/expapi/verbs/"
OWN = "https://elearn.invalid/xapi/"

REGISTERED = ADL + "registered"
INITIALIZED = ADL + "initialized"
ANSWERED = ADL + "answered"
COMPLETED = ADL + "completed"
PASSED = ADL + "passed"
FAILED = ADL + "failed"
RESPONDED = ADL + "responded"
ATTENDED = ADL + "attended"
VOIDED = ADL + "voided"

CERTIFIED = OWN + "verbs/certified"
REVOKED = OWN + "verbs/revoked"
REVOCATION_EXPLAINED = OWN + "verbs/explained-revocation"
REVOCATION_PROPOSED = OWN + "verbs/proposed-revocation"
REVOCATION_APPROVED = OWN + "verbs/approved-revocation"
REVOCATION_DECLINED = OWN + "verbs/declined-revocation"
ROLE_GIVEN = OWN + "verbs/role-given"
PIN_RESET = OWN + "verbs/pin-reset"
DEACTIVATED = OWN + "verbs/deactivated"
PUBLISHED = OWN + "verbs/published"
EXPORTED = OWN + "verbs/exported"
KEY_RENEWED = OWN + "verbs/renewed-key"
KEY_LOST = OWN + "verbs/reported-key-lost"
TRY_GIVEN = OWN + "verbs/try-given"
FOLLOWED_UP = OWN + "verbs/followed-up"
SKILL_OBSERVED = OWN + "verbs/skill-observed"

DISPLAY = {
    REGISTERED: "registered",
    INITIALIZED: "initialized",
    ANSWERED: "answered",
    COMPLETED: "completed",
    PASSED: "passed",
    FAILED: "failed",
    RESPONDED: "responded",
    ATTENDED: "attended",
    VOIDED: "voided",
    CERTIFIED: "certified",
    REVOKED: "revoked",
    REVOCATION_EXPLAINED: "said why a certificate was revoked",
    REVOCATION_PROPOSED: "proposed to revoke certificates",
    REVOCATION_APPROVED: "approved that certificates are revoked",
    REVOCATION_DECLINED: "declined that certificates are revoked",
    ROLE_GIVEN: "was given a role",
    PIN_RESET: "had the PIN reset",
    DEACTIVATED: "had the account closed",
    PUBLISHED: "published",
    EXPORTED: "exported",
    KEY_RENEWED: "renewed the key of a node",
    KEY_LOST: "reported the key of a node lost",
    TRY_GIVEN: "was given one more try",
    FOLLOWED_UP: "said how it went after the course",
    SKILL_OBSERVED: "said what was seen of a skill",
}

AUTHORITY = "https://elearn.invalid/"
ANONYMOUS = "anonymous"
"""The one account that answers satisfaction forms: nobody in particular. Person ids are uuids, so it is no person's."""

EXTENSION = OWN + "ext/"
REFRESHER = "https://elearn.invalid/refresher"
"""The activity IRI of a set of refreshers: it belongs to no one course."""

COURSE = "https://elearn.invalid/course/"
SATISFACTION = "satisfaction"
FOLLOW_UP = "follow-up"


def course_iri(course: str) -> str:
    """Return the activity IRI of a course."""
    return COURSE + course


def lesson_iri(course: str, lesson: str) -> str:
    """Return the activity IRI of a lesson."""
    return f"{COURSE}{course}/lesson/{lesson}"


def question_iri(course: str, question: str) -> str:
    """Return the activity IRI of a question."""
    return f"{COURSE}{course}/question/{question}"


def sitting_iri(course: str, kind: str) -> str:
    """Return the activity IRI of a pre-test or exam; kind: ``pretest`` or ``exam``."""
    return f"{COURSE}{course}/{kind}"


def session_iri(course: str, session: str) -> str:
    """Return the activity IRI of a session in a classroom."""
    return f"{COURSE}{course}/session/{session}"


def satisfaction_iri(course: str) -> str:
    """Return the activity IRI of the satisfaction form of a course."""
    return f"{COURSE}{course}/{SATISFACTION}"


def follow_up_iri(course: str) -> str:
    """Return the activity IRI of the follow-up of a course, 90 days after its exam."""
    return f"{COURSE}{course}/{FOLLOW_UP}"


def certificate_iri(number: str) -> str:
    """Return the activity IRI of a certificate, by its number."""
    return f"https://elearn.invalid/certificate/{number}"


def revocation_iri(proposal: str) -> str:
    """Return the activity IRI of a proposal to revoke many certificates, by its id."""
    return f"https://elearn.invalid/revocation/{proposal}"


def person_iri(person: str) -> str:
    """Return the IRI used where an administrator's statement is about a person."""
    return f"https://elearn.invalid/person/{person}"


def key_iri(key_id: str) -> str:
    """Return the IRI used where an administrator's statement is about the key of a node."""
    return f"https://elearn.invalid/key/{key_id}"
