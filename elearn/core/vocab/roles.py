"""Who may do what: one table of permissions, tested in full."""

from enum import Enum


class Role(Enum):
    """What an account is for; one account has one role, and every role may also learn."""

    OFFICER = "officer"
    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class Permission(Enum):
    """One errand a person may ask for."""

    LEARN = "learn"
    SEE_COURSE_WORKSHOP = "see-course-workshop"
    PUBLISH_COURSE = "publish-course"
    SEE_FIGURES = "see-figures"
    EXPORT_FIGURES = "export-figures"
    GIVE_TRY = "give-try"
    HOLD_SESSION = "hold-session"
    CONFIRM_SKILL = "confirm-skill"
    MANAGE_OFFICERS = "manage-officers"
    MANAGE_NODE = "manage-node"
    REVOKE_CERTIFICATE = "revoke-certificate"
    PRINT_CERTIFICATES = "print-certificates"
    """Of the officers in an own session, in batches and lists."""
    CHOOSE_CERTIFICATES = "choose-certificates"
    """To be printed, among those of all officers."""


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: frozenset({Permission.LEARN}),
    Role.TRAINER: frozenset(
        {
            Permission.LEARN,
            Permission.SEE_COURSE_WORKSHOP,
            Permission.PUBLISH_COURSE,
            Permission.GIVE_TRY,
            Permission.HOLD_SESSION,
            Permission.CONFIRM_SKILL,
            Permission.PRINT_CERTIFICATES,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
            Permission.LEARN,
            Permission.SEE_FIGURES,
            Permission.EXPORT_FIGURES,
            Permission.CONFIRM_SKILL,
            Permission.PRINT_CERTIFICATES,
            Permission.CHOOSE_CERTIFICATES,
        }
    ),
    Role.ADMINISTRATOR: frozenset(Permission),
}


def may(role: Role, permission: Permission) -> bool:
    """Tell whether an account of this role may do this."""
    return permission in PERMISSIONS[role]
