"""Counts for the term report."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core import scope
from incidents import services
from incidents.selectors.figures import concern_figures, late_figures, staff_matters_handled
from incidents.tests.factories import closing, make_adult_concern, make_concern, make_open
from schools.enums import Role
from schools.tests.factories import make_member

pytestmark = pytest.mark.django_db


def test_figures_count_a_period_by_what_came_of_it(school):
    dsl, today = make_member(school, Role.DSL), timezone.localdate()
    with time_machine.travel(timezone.now() - timedelta(days=200)):
        make_concern(school)
    make_concern(school)
    services.close_concern(make_open(school, dsl), closing(), by=dsl)
    make_adult_concern(school, make_member(school, Role.STAFF))
    figures = concern_figures(school, today - timedelta(days=7), today)
    assert (figures.total, figures.by_category, figures.by_outcome) == (
        2,
        {"": 1, "welfare": 1},
        {"": 1, "support_in_school": 1},
    )


def test_an_empty_period_has_empty_figures(school):
    today = timezone.localdate()
    assert (concern_figures(school, today, today).total, staff_matters_handled(school, today, today)) == (
        0,
        False,
    )
    make_adult_concern(school, make_member(school, Role.STAFF))
    assert (concern_figures(school, today, today).total, staff_matters_handled(school, today, today)) == (
        0,
        True,
    )


def test_figures_of_one_school_hold_nothing_of_another(school, other_school):
    today = timezone.localdate()
    with scope.acting(schools=[other_school.pk]):
        make_concern(other_school)
    assert concern_figures(school, today, today).total == 0


def test_a_concern_that_is_kept_from_a_lead_is_in_no_figure_whoever_takes_them(school):
    dsl = make_member(school, Role.DSL, name="Wanda Ferrier")
    deputy = make_member(school, Role.DEPUTY_DSL, name="Ines Holloway")
    make_concern(school)
    make_concern(school, names=[dsl.name])
    today = timezone.localdate()
    for member in (dsl, deputy):
        with scope.acting(schools=[school.pk], user=member.user_id):
            assert concern_figures(school, today, today).total == 1
    make_concern(school, names=[make_member(school, Role.STAFF, name="Odo Carrick").name])
    assert concern_figures(school, today, today).total == 2


def test_what_is_late_is_counted_for_the_school(school):
    with time_machine.travel(timezone.now() - timedelta(days=60)):
        dsl = make_member(school, Role.DSL, name="Wanda Ferrier")
        make_concern(school)
        make_concern(school, names=[dsl.name])
    assert (late_figures(school).concerns, late_figures(school).actions) == (1, 0)


def test_a_matter_counts_even_when_it_is_about_whoever_takes_the_figures(school):
    today, about = timezone.localdate(), make_member(school, Role.DSL)
    make_adult_concern(school, about)
    with scope.acting(schools=[school.pk], user=about.user_id):
        assert staff_matters_handled(school, today, today)
