"""The schools that are measured: people, posts, terms, policies and devices made through the services, the rest in bulk."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from bench_parts.bulk import ConcernLoader, load_learners
from core import scope
from core.audit import Job, verify
from devices.services import Intake, place_hold, receive_device
from incidents import services as incident_services
from incidents.models import Concern
from policies import services as policy_services
from policies.models import PolicyVersion
from policies.selectors import reminder_days
from policyhub.demo.data import policy_text
from schools import services
from schools.enums import Role
from schools.models import Learner, Membership, School, User
from schools.selectors import live_membership

BENCH = Job("bench")
POSTS = {
    "dsl": (Role.DSL,), "deputy1": (Role.DEPUTY_DSL,), "deputy2": (Role.DEPUTY_DSL,), "head": (Role.HEADTEACHER,),
    "office": (Role.OFFICE, Role.STAFF), "chair": (Role.CHAIR,),
}  # fmt: skip
POLICIES = (
    "acceptable-use", "behaviour", "child-protection", "mobile-technology", "online-safety", "searching-screening-confiscation",
    "social-media", "staff-code-of-conduct",
)  # fmt: skip
LIBRARY = 40
"""Policies in the library that is measured."""

CLAUSES = 300
"""Clauses of the policy whose reading page is measured."""

SAMPLE = 300


@dataclass
class Ground:
    """One school with the people that act in it."""

    school: School
    people: dict[str, Membership] = field(default_factory=dict)
    learners: list[Learner] = field(default_factory=list)
    long_policy: PolicyVersion | None = None

    @property
    def staff(self) -> list[Membership]:
        """Those who only log concerns."""
        return [one for name, one in self.people.items() if name.startswith("staff")]

    @property
    def readers(self) -> list[Membership]:
        """Those who read concerns about children."""
        return [self.people[name] for name in ("dsl", "deputy1", "deputy2")]


def make_ground(number: int, *, staff: int, learners: int) -> Ground:
    """A school with its people, three terms and a half-term."""
    school = services.create_school(
        f"Measured School {number}", f"measured-{number}", by=BENCH, phone="01632 960000"
    )
    ground, today = Ground(school), timezone.localdate()
    posts = {**POSTS, **{f"staff{n}": (Role.STAFF,) for n in range(staff)}}
    with scope.acting(schools=[school.pk]), transaction.atomic():
        for name, roles in posts.items():
            user = User.objects.create_user(
                f"{name}.{number}@measured.example", f"{name.title()} Measured", None
            )
            member = services.add_member(school, user, by=BENCH)
            for role in roles:
                services.appoint(member, role, by=BENCH)
            ground.people[name] = live_membership(user, school.slug) or member
        for n, start in enumerate((-330, -210, -80)):
            first = today + timedelta(days=start)
            services.add_term(school, f"Term {n}", first, first + timedelta(days=110), by=BENCH)
        services.add_closure(
            school, "Half-term", today - timedelta(days=40), today - timedelta(days=36), by=BENCH
        )
        ground.learners = load_learners(school, learners, random.Random(number))  # noqa: S311 - test data
    return ground


def load_concerns(ground: Ground, count: int) -> None:
    """Concerns of the past, in bulk."""
    seed = int(ground.school.slug.rpartition("-")[2])
    ConcernLoader(ground.school, ground.readers, ground.staff, ground.learners, seed).load(count)


def log_sample(ground: Ground, count: int = SAMPLE) -> None:
    """Concerns through the services: logged, most of them triaged and told of, half of them closed."""
    for n in range(count):
        with scope.acting(schools=[ground.school.pk]), transaction.atomic():
            lead = ground.readers[n % 3]
            concern = log_one(ground, n)
            if n % 10 == 0:
                continue
            incident_services.mark_seen(concern)
            triage = incident_services.Triage(
                "physical_harm", "medium", "support_in_school", "Two signs in one week.", lead
            )
            incident_services.triage_concern(concern, triage, by=lead)
            incident_services.add_entry(
                concern, incident_services.NewEntry("Spoke to the parent at the gate.", "contact"), by=lead
            )
            if n % 2:
                closing = incident_services.Closing(
                    "support_in_school", "No further signs.", "told", "At the gate.", steps_left="Told above."
                )
                incident_services.close_concern(concern, closing, by=lead)


def log_one(ground: Ground, n: int) -> Concern:
    """One concern about one child, as a member of staff logs it."""
    report = incident_services.NewConcern(
        "A bruise on the left forearm, about the size of a coin.",
        learners=[ground.learners[n % len(ground.learners)]],
    )
    return incident_services.log_concern(ground.school, report, by=ground.staff[n % len(ground.staff)])


def make_policies(ground: Ground, count: int = LIBRARY) -> None:
    """Policies in force, their reviews from overdue to far away, the texts of the demonstration in turn."""
    soon = max(reminder_days(ground.school))  # a reminder of the first is due today
    for n in range(count):
        name = POLICIES[n % len(POLICIES)]
        text = policy_text(f"{name}.txt").format(
            written="1 May 2025", ratified="2 June 2025", next_review="June 2027"
        )
        title = f"{name.replace('-', ' ').title()} {n // len(POLICIES) or ''}".strip()
        bring_in(ground, title, text, days=30 * n - 20 if n else soon)


def make_long_policy(ground: Ground) -> PolicyVersion:
    """A policy of thirty sections with ten clauses each."""
    lines = ["Long Policy"]
    for section in range(1, CLAUSES // 10 + 1):
        lines.append(f"{section}. Section {section}")
        lines += [
            f"{section}.{clause} Staff record what was seen and heard on the same day, and tell the safeguarding team."
            for clause in range(1, 11)
        ]
    version = bring_in(ground, "Long Policy", "\n".join(lines), days=400)
    with scope.acting(schools=[ground.school.pk]), scope.reading():
        clauses = version.clauses.count()
    if clauses != CLAUSES:
        raise SystemExit(f"The long policy was read as {clauses} clauses.")
    return version


def bring_in(ground: Ground, title: str, text: str, *, days: int) -> PolicyVersion:
    """One text imported, ratified and brought into force, its review due in so many calendar days."""
    head, today = ground.people["head"], timezone.localdate()
    review = (today + timedelta(days=days)).isoformat()
    with scope.acting(schools=[ground.school.pk]), transaction.atomic():
        source = policy_services.import_document(ground.school, text.encode(), "policy.txt", by=head)
        details = policy_services.DraftDetails(title=title, setting=ground.school.name)
        version = policy_services.save_draft(source, 0, details, by=head)
        version = policy_services.ratify_version(
            version, by=head, body="Governors", on=today.isoformat(), next_review=review
        )
        return policy_services.bring_into_force(version, by=head)


def fill_safe(ground: Ground, count: int = 40) -> None:
    """Devices in the safe, a few of them on hold."""
    for n in range(count):
        with scope.acting(schools=[ground.school.pk]), transaction.atomic():
            intake = Intake(
                "phone", "Used in a lesson", learner=ground.learners[n], condition="Scratched at one corner"
            )
            device = receive_device(
                ground.school, intake, by=ground.staff[n % len(ground.staff)], client_ref=uuid4()
            )
            if n % 20 == 0:
                place_hold(
                    device,
                    by=ground.people["dsl"],
                    version=device.version,
                    kind="safeguarding",
                    reason="Wait for the police.",
                )


def prove_chains(grounds: list[Ground]) -> int:
    """How many audit entries hold; raises when one does not."""
    entries = 0
    for ground in grounds:
        with scope.acting(schools=[ground.school.pk]), scope.reading():
            verdict = verify(ground.school.pk)
        if not verdict.whole:
            raise SystemExit(
                f"The audit of {ground.school.slug} does not hold at {verdict.broken_at}: {verdict.reason}."
            )
        entries += verdict.entries
    return entries
