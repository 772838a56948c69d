"""Who belongs to a school and holds which post, who a learner is, and what somebody typed and has not sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.db.compiled import Among, Given, compiled_once
from schools.enums import Relationship, Role
from schools.models import (
    Draft,
    Learner,
    LearnerContact,
    Membership,
    RoleAppointment,
    School,
    Trust,
    TrustAppointment,
    User,
)


def user_by_id(user_id: UUID) -> User | None:
    """The person of a session."""
    return next(iter(_user(pk=user_id)), None)


@compiled_once
def _user(*, pk: Any) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


def live_membership(user: User, slug: str, *, on: date | None = None) -> Membership | None:
    """The membership of an active person in the school of this slug on a day (today), with posts and school loaded."""
    member = next(iter(one_each(_live(user=user, slug=slug, day=on or timezone.localdate()))), None)
    if member is not None:
        member.user = user
    return member


@compiled_once
def _live(*, user: Any, slug: Any, day: Any) -> QuerySet[Any]:
    found = Membership.objects.on(day).filter(user=user, user__is_active=True, school__slug=slug)
    return _each_post(found.select_related("school"))


def with_posts(found: QuerySet[Membership]) -> list[Membership]:
    """These members, each with the posts of today, in one query."""
    return one_each(_each_post(found))


def _each_post(found: QuerySet[Any]) -> QuerySet[Any]:
    """A row for each post that a member holds, held or will hold."""
    return found.annotate(
        held=F("appointments__role"),
        held_from=F("appointments__starts_on"),
        held_to=F("appointments__ends_on"),
    )


def one_each(rows: Iterable[Any], school: School | None = None) -> list[Membership]:
    """One member for all rows of theirs, with the posts of today; `school` where the rows do not bring it."""
    members: dict[UUID, Membership] = {}
    posts: dict[UUID, set[str]] = {}
    today = timezone.localdate()
    for row in rows:
        members.setdefault(row.pk, row)
        held_today = row.held and row.held_from <= today and (row.held_to is None or row.held_to >= today)
        posts.setdefault(row.pk, set()).update([row.held] if held_today else [])
    for pk, member in members.items():
        member.roles = frozenset(posts[pk])
        if school is not None:
            member.school = school
    return list(members.values())


def memberships_of(user: User) -> QuerySet[Membership]:
    """The schools that a person belongs to today."""
    return (
        Membership.objects.on(timezone.localdate())
        .filter(user=user)
        .select_related("school")
        .order_by("school__name")
    )


def invitations_of(user: User) -> QuerySet[Membership]:
    """The schools that have invited a person and wait for the answer."""
    waiting = Membership.objects.waiting().filter(user=user)
    return waiting.select_related("school").prefetch_related("appointments").order_by("school__name")


def invited(school: School) -> QuerySet[Membership]:
    """Everybody whom the school has invited and who has not answered, by name."""
    waiting = Membership.objects.waiting().filter(school=school)
    return waiting.select_related("school").prefetch_related("appointments").order_by("name")


def trusts_of(user: User) -> QuerySet[Trust]:
    """The trusts whose schools a person looks after today."""
    today = timezone.localdate()
    held = TrustAppointment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), user=user, starts_on__lte=today
    )
    return Trust.objects.filter(pk__in=held.values("trust_id")).order_by("name")


def members(school: School, *, on: date | None = None) -> QuerySet[Membership]:
    """Everybody who belongs to the school on a day (today), by name."""
    found: Any = school.memberships  # type: ignore[attr-defined]
    live = found.on(on or timezone.localdate()).filter(user__is_active=True)
    return live.select_related("user").prefetch_related("appointments").order_by("name")


def people_with_role(school: School, *roles: Role, on: date | None = None) -> list[Membership]:
    """Members who hold one of these posts on a day (today), accountable lead first, then by name."""
    day = on or timezone.localdate()
    held = Q(appointments__role__in=roles, appointments__starts_on__lte=day) & (
        Q(appointments__ends_on=None) | Q(appointments__ends_on__gte=day)
    )
    return list(members(school, on=day).filter(held).order_by("-appointments__is_lead", "name").distinct())


def holders(school: School, roles: Collection[str]) -> list[Membership]:
    """Members who hold one of these posts today, by name."""
    return one_each(_holders(frozenset(roles), school=school, day=timezone.localdate()), school)


def holding(roles: frozenset[str], /, *, school: Any, day: Any) -> QuerySet[Any]:
    """Members who hold one of these posts on a day, by name, for queries that narrow them; `one_each` reads the rows."""
    held = RoleAppointment.objects.on(day).filter(school=school, role__in=sorted(roles))
    found = Membership.objects.on(day).filter(
        school=school, user__is_active=True, pk__in=held.values("membership_id")
    )
    return _each_post(found.select_related("user").order_by("name"))


_holders = compiled_once(holding)


def learners_on_roll(school: School) -> QuerySet[Learner]:
    """Learners of the school today."""
    today = timezone.localdate()
    return Learner.objects.filter(Q(left_on=None) | Q(left_on__gte=today), school=school)


def learners_of(school: School, classes: Collection[str] = ()) -> list[Learner]:
    """Learners on roll of these classes (none: all), by class and name."""
    found = learners_on_roll(school)
    found = found.filter(class_name__in=classes) if classes else found
    return sorted(
        found, key=lambda one: (one.class_name, one.last_name.casefold(), one.first_name.casefold())
    )


def class_names(school: School) -> list[str]:
    """The classes of today, by name."""
    return sorted(set(learners_on_roll(school).exclude(class_name="").values_list("class_name", flat=True)))


def find_learners(school: School, text: str, *, limit: int = 20, left: bool = False) -> list[Learner]:
    """Learners on roll whose name or class holds every word of `text`, in any case; by last name.

    With `left`, those who have left the school are found as well.

    Names are sealed, so this opens and scans the school's names (about 5 µs each).
    """
    words = text.casefold().split()
    if not words:
        return []
    found = [
        learner
        for learner in (Learner.objects.filter(school=school) if left else learners_on_roll(school))
        if all(part in f"{learner.name} {learner.class_name}".casefold() for part in words)
    ]
    return sorted(found, key=lambda learner: (learner.last_name.casefold(), learner.first_name.casefold()))[
        :limit
    ]


def learners_by_ids(school: School, ids: Iterable[str]) -> list[Learner]:
    """Learners of this school among these ids; anything else is passed over."""
    wanted = [UUID(one) for one in ids if _is_uuid(one)]
    return _learners(school=school, wanted=wanted) if wanted else []


@compiled_once
def _learners(*, school: Any, wanted: Given) -> QuerySet[Learner]:
    return Learner.objects.filter(Among("id", wanted), school=school)


def contacts_of(school: School, learner_ids: Iterable[UUID]) -> list[LearnerContact]:
    """Whom to call about these learners, in the order in which they are called."""
    found = LearnerContact.objects.filter(school=school, learner_id__in=list(learner_ids))
    return list(found.order_by("priority", "created_at"))


PARENTS = (Relationship.MOTHER, Relationship.FATHER, Relationship.CARER)


def parents_on_roll(school: School, classes: Collection[str] = ()) -> QuerySet[LearnerContact]:
    """Mothers, fathers and carers with parental responsibility for learners on roll of these classes (none: all), in no order.

    Lists of a school name neighbours and grandparents too, and seldom say who has responsibility.
    """
    today = timezone.localdate()
    held = LearnerContact.objects.filter(
        Q(learner__left_on=None) | Q(learner__left_on__gte=today),
        school=school,
        has_parental_responsibility=True,
        relationship__in=PARENTS,
    )
    held = held.filter(learner__class_name__in=classes) if classes else held
    return held.select_related("learner").order_by()


def parents_of(school: School, classes: Collection[str] = ()) -> list[LearnerContact]:
    """The same by class, learner's name and the order in which they are called."""
    return sorted(
        parents_on_roll(school, classes),
        key=lambda one: (
            one.learner.class_name,
            one.learner.last_name.casefold(),
            one.learner.first_name.casefold(),
            one.learner_id,
            one.priority,
        ),
    )


def contacts_by_ids(school: School, ids: Iterable[str]) -> list[LearnerContact]:
    """Contacts of this school among these ids; anything else is passed over."""
    wanted = [UUID(one) for one in ids if _is_uuid(one)]
    return list(LearnerContact.objects.filter(school=school, pk__in=wanted)) if wanted else []


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def drafts_of(school: School, user_id: UUID, form: str) -> tuple[Draft | None, Draft | None]:
    """What this person typed into a form and has not sent, and what came for it when their sign-in had ended."""
    found = _drafts(school=school, user=user_id, form=form, late=late_draft(form))
    named = {draft.form: draft for draft in found}
    return named.get(form), named.get(late_draft(form))


@compiled_once
def _drafts(*, school: Any, user: Any, form: Any, late: Any) -> QuerySet[Draft]:
    return Draft.objects.filter(school=school, user=user, form__in=[form, late])


def late_draft(form: str) -> str:
    """The name under which what came without a sign-in is kept, beside the form's own draft."""
    return f"late:{form}"
