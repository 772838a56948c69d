"""Who people are, which school a row belongs to, and the school's own terms, words and rules."""

from schools.models.school import (
    Closure,
    DatedQuerySet,
    Learner,
    LearnerContact,
    Membership,
    MembershipQuerySet,
    RoleAppointment,
    School,
    SchoolOwned,
    Term,
    Trust,
    TrustAppointment,
    User,
    UserManager,
)
from schools.models.settings import Agency, Draft, Rule, Word

__all__ = [
    "Agency",
    "Closure",
    "DatedQuerySet",
    "Draft",
    "Learner",
    "LearnerContact",
    "Membership",
    "MembershipQuerySet",
    "RoleAppointment",
    "Rule",
    "School",
    "SchoolOwned",
    "Term",
    "Trust",
    "TrustAppointment",
    "User",
    "UserManager",
    "Word",
]
