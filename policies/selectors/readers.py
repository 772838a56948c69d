"""Everybody whom a version asks, with what is on record of each: the lists of who has read and who has not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from policies.enums import Audience
from policies.models import Acknowledgement, Policy, PolicyVersion
from policies.selectors.acknowledging import Deadlines, audience_of
from policies.selectors.parents import Reach, asked_parents
from schools.enums import Permission
from schools.models import Learner, Membership
from schools.permissions import has_permission
from schools.selectors import learners_of


@dataclass(frozen=True)
class Reader:
    """Somebody who is asked. `group` is a member's group, "learner" or "parent"; `place` their class."""

    pk: UUID
    name: str
    group: str
    place: str
    roles: frozenset[str]
    due: date | None
    given: Acknowledgement | None
    on_paper: str = ""
    """Why no e-mail reaches this parent (policies.selectors.parents)."""

    @property
    def is_late(self) -> bool:
        """Whether their day has passed and they have not read it."""
        return self.given is None and self.due is not None and self.due < timezone.localdate()


@dataclass(frozen=True)
class Wanted:
    """Which of them a list shows: by state ("missing", "late", "done", "paper"), and by group, `role:…`, `class:…` or `parents:…`."""

    state: str = ""
    who: str = ""

    def holds(self, one: Reader) -> bool:
        """Whether a reader belongs on the list."""
        return self._state(one) and self._who(one)

    def _state(self, one: Reader) -> bool:
        states = {
            "missing": one.given is None,
            "late": one.is_late,
            "done": one.given is not None,
            "paper": one.given is None and bool(one.on_paper),
        }
        return states.get(self.state, True)

    def _who(self, one: Reader) -> bool:
        kind, _, value = self.who.partition(":")
        if kind == "role":
            return value in one.roles
        group = {"class": Audience.LEARNER, "parents": Audience.PARENT}.get(kind)
        return (one.group, one.place) == (group, value) if group else not kind or one.group == kind


def readers_of(version: PolicyVersion, by: Membership) -> list[Reader]:
    """Whom a version asks: members first, then, for those who may find learners by name, learners and parents by class."""
    acknowledgements = Acknowledgement.objects.standing_for(version).select_related("collected_by")
    given = {one.person_id: one for one in acknowledgements}
    deadlines = Deadlines(version.school)
    found = [_member(one, deadlines.of(version, one), given) for one in audience_of(version.policy)]
    if has_permission(by, Permission.LEARNER_FIND):
        found += [_learner(one, version, given) for one in asked_learners(version.policy)]
        found += _parents(version, given)
    return found


def asked_learners(policy: Policy) -> list[Learner]:
    """Learners on roll whom a policy asks, by class and name."""
    return learners_of(policy.school, policy.classes) if Audience.LEARNER in policy.audience else []


def _member(one: Membership, due: date | None, given: dict[UUID | None, Acknowledgement]) -> Reader:
    return Reader(one.pk, one.name, one.group, "", one.roles, due, given.get(one.pk))


def _learner(one: Learner, version: PolicyVersion, given: dict[UUID | None, Acknowledgement]) -> Reader:
    return Reader(
        one.pk,
        one.name,
        Audience.LEARNER,
        one.class_name,
        frozenset(),
        version.acknowledge_by,
        given.get(one.pk),
    )


@dataclass(frozen=True)
class Mistaken:
    """Somebody for whom an agreement was entered in error, with what is on record of it."""

    name: str
    entry: Acknowledgement


def mistaken_of(version: PolicyVersion, by: Membership) -> list[Mistaken]:
    """What was entered in error for a version, the newest first; learners for those who may find them by name."""
    marked = Acknowledgement.objects.of_text(version).exclude(error_at=None)
    if not has_permission(by, Permission.LEARNER_FIND):
        marked = marked.filter(member__isnull=False)
    people = ("member", "learner", "contact", "collected_by", "error_by")
    return [Mistaken(one.person.name, one) for one in marked.select_related(*people).order_by("-error_at")]


def _parents(version: PolicyVersion, given: dict[UUID | None, Acknowledgement]) -> list[Reader]:
    """A row for each child that a parent answers for: classes are asked apart, and a paper copy names the child."""
    asked = asked_parents(version.policy)
    reach = Reach(version.school) if asked else None
    return [
        Reader(
            one.pk,
            f"{one.name}, for {one.learner.name}",
            Audience.PARENT,
            one.learner.class_name,
            frozenset(),
            version.acknowledge_by,
            given.get(one.pk),
            reach.why_not(one) if reach else "",
        )
        for one in asked
    ]


def readers_of_class(version: PolicyVersion, class_name: str) -> list[Reader]:
    """Learners on roll of one class, with what is on record of each."""
    learners = learners_of(version.school, [class_name])
    given = {
        one.learner_id: one
        for one in Acknowledgement.objects.standing_for(version).filter(learner__in=learners)
    }
    return [_learner(one, version, given) for one in learners]
