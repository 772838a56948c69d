"""Domain errors: each carries one sentence fit for the person who caused it."""


class DomainError(Exception):
    """A rule of the field was broken; the sentence says what to do."""


class PermissionRefused(DomainError):
    """The person may not do this."""


class InvalidTransition(DomainError):
    """The record's status does not allow this step."""


class Conflict(DomainError):
    """Somebody else was first; the sentence says who and what stands now."""
