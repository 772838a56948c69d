"""Web processes are killed without warning: what was acknowledged stays, and nothing is half written."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from incidents.models import Concern
from policyhub.tests.durability import ground

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WRITERS = 6


def test_killed_writers_lose_nothing_and_leave_nothing_half_written(school, tmp_path, soak):
    by, file = ground.make_people(school), tmp_path / "acknowledged"
    kills = 300 if soak else 10

    with ground.kept_alive(ground.log_forever, WRITERS, file, school, by) as kill:
        kill(kills)

    ground.report("killed writers", kills=kills, acknowledged=len(ground.acknowledged(file)))
    assert len(ground.acknowledged(file)) > kills
    assert ground.damage(school, file).none, ground.damage(school, file)


def test_the_count_sees_a_lost_record_and_one_in_pieces(school, tmp_path):
    """The control: without it, a count that looks at nothing would pass above."""
    by, file = ground.make_people(school), tmp_path / "acknowledged"
    ground.acknowledge(file, "00000000-0000-0000-0000-000000000000")
    with transaction.atomic():
        whole = Concern.objects.get(reporter=by)
        alone = Concern(
            school=school, reference="AAAA-AAAA", client_ref=uuid4(), reporter=by, narrative="x", route=whole.route,
            audience=whole.audience, happened_at=whole.happened_at, recorded_at=whole.recorded_at, due_at=whole.due_at,
        )  # fmt: skip
        alone.save()

    seen = ground.damage(school, file)

    assert (seen.lost, seen.without_person, seen.without_audit, seen.without_mail) == (1, 1, 1, 1)
