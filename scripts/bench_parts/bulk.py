"""Loads learners and concerns in bulk: real keys, real seals, real chain, the shapes that the services leave behind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from bench_parts.chain import BATCH, Chain
from core import crypto, scope
from core.fields import salted_digest
from incidents import procedures
from incidents.models import ChronologyEntry, Concern, ConcernPerson
from incidents.services.report import LETTERS
from schools.models import Learner, Membership, School

FIRST = [
    "Amber",
    "Bilal",
    "Cora",
    "Dylan",
    "Elin",
    "Farid",
    "Greta",
    "Hamish",
    "Ines",
    "Jonah",
    "Keira",
    "Lewis",
    "Mabel",
    "Niall",
    "Orla",
    "Pavel",
    "Quinn",
    "Rosa",
    "Seren",
    "Tomas",
]
LAST = [
    "Ashgrove",
    "Birchall",
    "Cottersby",
    "Dunmallet",
    "Elverby",
    "Fernhough",
    "Gallowhill",
    "Hathersby",
    "Inglethwaite",
    "Jessamond",
    "Kettlesing",
    "Larkmoor",
]
SENTENCES = (
    "At registration the learner was quiet and did not want to take off a wet coat.",
    'Asked whether anything was wrong, the answer was: "Nothing. I am just tired."',
    "At lunch two friends said that messages had been sent in the evening that upset everybody.",
    "The class teacher noticed the same last week and had made a note of it.",
    "No mark or injury was seen. The parent was friendly at the gate and asked how the day had been.",
)
ACTIVE_SHARE = 0.06
"""Of all concerns on record; a tenth of these nobody has opened yet."""


def load_learners(school: School, count: int, rng: random.Random) -> list[Learner]:
    """Children on roll with sealed names."""
    key = crypto.current_key(school.pk)
    learners = [
        Learner(id=uuid4(), school=school, first_name=rng.choice(FIRST), last_name=rng.choice(LAST),
                year_group=str(n % 7), class_name=f"Class {n % 14}")
        for n in range(count)
    ]  # fmt: skip
    for learner in learners:
        seal(learner, key)
    Learner.objects.bulk_create(learners, batch_size=BATCH)
    return learners


def seal(row: Any, key: Any) -> None:
    """Seals every encrypted field of a new row with a key that is at hand, as saving it would."""
    for field in row._meta.concrete_fields:
        if not hasattr(field, "unseal"):
            continue
        value = row.__dict__.get(field.attname, field.get_default())
        if value is None:
            continue
        if field.key_version:
            setattr(row, field.digest, salted_digest(str(value)))
            setattr(row, field.key_version, key.version)
        setattr(row, field.attname, field.seal(row, value, key))


class ConcernLoader:
    """Makes concerns of the past years for one school: most closed, the newest in work."""

    def __init__(
        self,
        school: School,
        readers: list[Membership],
        staff: list[Membership],
        learners: list[Learner],
        seed: int,
    ) -> None:
        self.school, self.readers, self.staff, self.learners = school, readers, staff, learners
        self.rng, self.now, self.references = random.Random(seed), timezone.now(), set[str]()  # noqa: S311 - test data
        self.kinds = [kind.key for kind in procedures.kinds_of("child")]

    def load(self, count: int) -> None:
        """That many concerns, oldest first, a few thousand to a transaction."""
        for first in range(0, count, BATCH):
            with scope.acting(schools=[self.school.pk]), transaction.atomic():
                chain = Chain(self.school.pk)
                made = [self._make(n, count, chain) for n in range(first, min(first + BATCH, count))]
                Concern.objects.bulk_create([one[0] for one in made], batch_size=BATCH)
                ConcernPerson.objects.bulk_create(
                    [person for one in made for person in one[1]], batch_size=BATCH
                )
                ChronologyEntry.objects.bulk_create(
                    [entry for one in made for entry in one[2]], batch_size=BATCH
                )
                chain.write()

    def _make(
        self, n: int, count: int, chain: Chain
    ) -> tuple[Concern, list[ConcernPerson], list[ChronologyEntry]]:
        active = n >= count * (1 - ACTIVE_SHARE)
        unseen = n >= count * (1 - ACTIVE_SHARE / 10)
        concern = self._concern(n, count, active, unseen)
        seal(concern, chain.key)
        people = [
            ConcernPerson(
                id=uuid4(),
                school=self.school,
                concern=concern,
                role="subject",
                learner=learner,
                added_by=concern.reporter,
            )
            for learner in self.rng.sample(self.learners, self.rng.choice((1, 1, 1, 2)))
        ]
        entries = [] if unseen else list(self._entries(concern))
        for row in (*people, *entries):
            seal(row, chain.key)
        self._record(concern, entries, chain)
        return concern, people, entries

    def _concern(self, n: int, count: int, active: bool, unseen: bool) -> Concern:
        rng = self.rng
        age = timedelta(
            hours=rng.uniform(0, 20)
            if unseen
            else rng.uniform(20, 900)
            if active
            else 900 + (count - n) / count * 26_000
        )
        at, lead = self.now - age, rng.choice(self.readers)
        return Concern(
            id=uuid4(), school=self.school, reference=self._reference(), client_ref=uuid4(), route="child", audience="safeguarding",
            routing_reason="It is about a child: the safeguarding leads receive it.", reporter=rng.choice(self.staff), happened_at=at - timedelta(minutes=40), recorded_at=at,
            narrative=" ".join(rng.sample(SENTENCES, 4)), already_done="Stayed near and told the class teacher.",
            status="closed" if not active else "new" if unseen else "open", category="" if unseen else rng.choice(self.kinds),
            risk="" if unseen else rng.choice(("low", "medium", "high")), decision="" if unseen else "support_in_school", lead=None if unseen else lead,
            outcome="" if active else "support_in_school", parents_told="" if active else "told", is_seen=not unseen, seen_at=None if unseen else at,
            due_at=self.now + timedelta(hours=rng.uniform(-20, 200)) if active else at, triaged_at=None if unseen else at,
            closed_at=None if active else at + timedelta(days=9),
        )  # fmt: skip

    def _reference(self) -> str:
        while True:
            letters = "".join(self.rng.choices(LETTERS, k=8))
            reference = f"{letters[:4]}-{letters[4:]}"
            if reference not in self.references:
                self.references.add(reference)
                return reference

    def _entries(self, concern: Concern) -> Iterator[ChronologyEntry]:
        for kind, hours in (("decision", 1), ("contact", 3)):
            at: datetime = concern.recorded_at + timedelta(hours=hours)
            yield ChronologyEntry(
                id=uuid4(), school=self.school, concern=concern, kind=kind, author=concern.lead, happened_at=at, recorded_at=at,
                text=" ".join(self.rng.sample(SENTENCES, 2)),
            )  # fmt: skip

    def _record(self, concern: Concern, entries: list[ChronologyEntry], chain: Chain) -> None:
        about = ("incidents.concern", concern.pk)
        chain.add("concern.logged", concern.recorded_at, concern.reporter.actor_id, about, concern.reference)
        if concern.lead is None:
            return
        chain.add("concern.read", concern.recorded_at, concern.lead.actor_id, ("concern", concern.pk))
        chain.add("concern.triaged", concern.recorded_at, concern.lead.actor_id, about, concern.reference)
        for entry in entries[1:]:
            chain.add(
                "concern.entry_added",
                entry.recorded_at,
                concern.lead.actor_id,
                ("incidents.chronologyentry", entry.pk),
                concern.reference,
            )
        if concern.status == "closed":
            chain.add("concern.closed", concern.recorded_at, concern.lead.actor_id, about, concern.reference)
