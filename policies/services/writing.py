"""Writing a policy here: a new policy, a new version of one, and the details at its head. Only drafts are written."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from core import audit
from core.audit import Actor
from core.errors import Conflict, DomainError
from policies.models import Clause, Policy, PolicyVersion, Section
from policies.permissions import check_writable
from policies.selectors.outlines import Outline
from policies.services.content import store_content
from policies.services.importing import DraftDetails
from policies.states import BEFORE_RATIFICATION
from schools.enums import Permission
from schools.models import School
from schools.permissions import check_actor
from schools.services.locking import one_by_one

PEOPLE = ("dsl", "deputy_dsl", "named_governor")
COPIED = ("title", "key_details", "linked_policies", "guidance", "scope", "template", "licence", "follows_id")
"""What a new version takes over from the one before; its dates are its own."""


@dataclass(frozen=True)
class VersionDetails:
    """What stands at the head of a version; dates are YYYY-MM-DD or YYYY-MM, "" when not known."""

    title: str
    written: str = ""
    next_review: str = ""
    dsl: list[str] = field(default_factory=list)
    deputy_dsl: list[str] = field(default_factory=list)
    named_governor: list[str] = field(default_factory=list)
    linked_policies: list[str] = field(default_factory=list)
    guidance: list[dict[str, str | None]] = field(default_factory=list)
    scope: dict[str, list[str]] = field(default_factory=dict)
    template: str = ""
    licence: str = ""


def start_policy(
    school: School, details: DraftDetails, *, by: Actor, outline: Outline | None = None
) -> PolicyVersion:
    """A new policy with a first draft: empty, or with the text of an outline. Raises DomainError where the school holds one of this title."""
    check_actor(by, Permission.POLICY_MANAGE, school.pk)
    with transaction.atomic():
        one_by_one(school.pk)
        if Policy.objects.filter(school=school, title__iexact=details.title.strip()).exists():
            raise DomainError(
                "There is a policy of this title already. Open it and begin a new version of it."
            )
        _check_not_begun(school, outline)
        policy = Policy(
            school=school,
            title=details.title.strip(),
            kind=details.kind,
            owner_role=details.owner_role,
            setting=details.setting or school.name,
            audience=details.audience,
        )
        policy.full_clean()
        policy.save(force_insert=True)
        version = PolicyVersion(school=school, policy=policy, number=1, title=policy.title, note=details.note)
        version.template, version.follows = (outline.source, outline.issue) if outline else ("", None)
        version.full_clean()
        version.save(force_insert=True)
        store_content(version, list(outline.sections) if outline else [], previous=None)
        audit.record(
            "policy_version.drafted", by=by, school_id=school.pk, target=version, label=version.title
        )
    return version


def _check_not_begun(school: School, outline: Outline | None) -> None:
    """One policy follows one outline of the trust: its clauses are found by their identity."""
    if outline is None or outline.issue is None:
        return
    begun = Policy.objects.filter(school=school, versions__follows__outline=outline.issue.outline_id).first()
    if outline.issue.trust_id != school.trust_id:
        raise DomainError("This outline belongs to another trust.")
    if begun:
        raise DomainError(f"“{begun.title}” was begun from this outline already. Open it to go on.")


def start_version(policy: Policy, *, by: Actor) -> PolicyVersion:
    """A draft copied from the version in force, otherwise from the newest; each clause keeps its identity.

    Where the policy has one that no body has ratified yet, that one: a draft, or one whose text rests.
    """
    check_actor(by, Permission.POLICY_MANAGE, policy.school_id)
    try:
        with transaction.atomic():
            Policy.objects.select_for_update().only("pk").get(pk=policy.pk)
            versions = list(policy.versions.newest_first())
            begun = next((one for one in versions if one.state in BEFORE_RATIFICATION), None)
            return begun or _copy(policy, versions, by)
    except IntegrityError as error:
        raise Conflict("Somebody began a version at the same moment. Open the policy to see it.") from error


def _copy(policy: Policy, versions: list[PolicyVersion], by: Actor) -> PolicyVersion:
    if not versions:
        raise DomainError("This policy has no version to begin with.")
    base = next((one for one in versions if one.is_binding), versions[0])
    version = PolicyVersion(
        school_id=policy.school_id,
        policy=policy,
        number=versions[0].number + 1,
        **{name: getattr(base, name) for name in COPIED},
    )
    version.key_details = {name: base.key_details.get(name) or [] for name in PEOPLE}
    version.full_clean(exclude=["policy"])
    version.save(force_insert=True)
    copy_text(base, version)
    changes = {"copied_from": [None, base.label]}
    audit.record(
        "policy_version.drafted",
        by=by,
        school_id=policy.school_id,
        target=version,
        label=version.title,
        changes=changes,
    )
    return version


def copy_text(base: PolicyVersion, version: PolicyVersion) -> None:
    """The sections and clauses of one version as those of another, each clause with its identity."""
    sections = {one.pk: one for one in base.sections.order_by("position")}
    clauses = list(base.clauses.order_by("position"))
    copies = {pk: _row_of(one, version) for pk, one in sections.items()}
    Section.objects.bulk_create(copies.values(), batch_size=500)
    rows = [_row_of(one, version, section=copies[one.section_id]) for one in clauses]
    Clause.objects.bulk_create(rows, batch_size=500)


def _row_of(row: Any, version: PolicyVersion, **other: Any) -> Any:
    own = ("id", "version", "section", "created_at", "updated_at")
    values = {one.name: getattr(row, one.name) for one in row._meta.concrete_fields if one.name not in own}
    return type(row)(**values, version=version, **other)


def save_details(version: PolicyVersion, details: VersionDetails, *, by: Actor) -> PolicyVersion:
    """Sets what stands at the head of a draft. Raises Conflict when somebody changed the draft since it was read."""
    check_actor(by, Permission.POLICY_MANAGE, version.school_id)
    with transaction.atomic():
        locked = lock_draft(version)
        given = asdict(details)
        people = {name: given.pop(name) for name in PEOPLE}
        given["key_details"] = {**locked.key_details, **people}
        changes = audit.diff(locked, **given)
        dates = [locked.set_date(name, given.pop(name)) for name in ("written", "next_review")]
        for name, value in given.items():
            setattr(locked, name, value)
        locked.full_clean(exclude=["policy", "source", "ratified_by"])
        touch(locked, *given, *(name for pair in dates for name in pair))
        audit.record(
            "policy_version.changed", by=by, school_id=locked.school_id, target=locked, label=locked.title, changes=changes
        )  # fmt: skip
    return locked


def lock_draft(version: PolicyVersion) -> PolicyVersion:
    """The draft as it stands now, locked. Raises Conflict when somebody changed it since the caller read it.

    No joins: PostgreSQL reads a row again after it waited for its lock, but not the rows joined to it.
    """
    locked = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    check_writable(locked)
    if locked.revision != version.revision:
        raise Conflict(
            "Somebody else changed this draft while you were writing. Your words are still here and not saved yet: "
            "look at the text as it stands now, then save again."
        )
    return locked


def touch(version: PolicyVersion, *names: str) -> None:
    """Saves the named fields of a locked draft, and that it is not as people read it before."""
    version.revision += 1
    version.save(update_fields=["revision", "updated_at", *names])
