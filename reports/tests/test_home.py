"""The home page of each post, and the page of one's own actions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from devices.tests.factories import make_device
from incidents import services as incidents
from incidents.tests.factories import make_adult_concern, make_concern, make_open
from policies.tests.factories import make_in_force
from registers.tests.factories import add, check
from reports.selectors.home import waiting
from reports.tests.factories import make_published, make_term
from schools.enums import Role
from schools.services import set_rule
from schools.tests.factories import TESTS, make_learner, make_member

pytestmark = pytest.mark.django_db
GOVERNING = [Role.NAMED_GOVERNOR, Role.GOVERNOR, Role.CLERK]


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL)


def url(name, school, *args):
    return reverse(f"reports:{name}", args=[school.slug, *args])


CANARIES = ["Zephyrine", "Quillfeather", "CANARY-STORY", "CANARY-OWNER"]


@pytest.fixture
def filled(school, dsl, time_machine):
    """A school with a term full of things that nobody who governs may see."""
    learner = make_learner(school, "Zephyrine", "Quillfeather")
    teacher = make_member(school, Role.STAFF, name="Wendeline Marrowby")
    term = make_term(school, ended_days_ago=0)
    make_concern(school, by=teacher, narrative="CANARY-STORY Zephyrine", learners=[learner])
    make_open(school, dsl, narrative="CANARY-STORY")
    make_device(make_member(school, Role.OFFICE), owner_name="CANARY-OWNER")
    make_in_force(school)
    time_machine.move_to(timezone.now() + timedelta(days=1))
    return make_published(dsl, term)


@pytest.mark.requirement("R266")
@pytest.mark.parametrize("role", GOVERNING)
def test_nobody_can_be_read_off_any_page_for_those_who_govern(school, dsl, signed_in, filled, role):
    client = signed_in(make_member(school, role, name="The Reader"))
    pages = [url("home", school), url("report_list", school), url("report_detail", school, filled.pk)]
    pages.append(reverse("registers:index", args=[school.slug]))

    html = "".join(client.get(page).content.decode() for page in pages)

    hidden = [*CANARIES, "Wendeline", "Marrowby", dsl.name]
    assert [word for word in hidden if word in html] == []
    assert "Concerns logged" in html


@pytest.mark.parametrize("role", GOVERNING)
def test_home_of_those_who_govern_counts_no_concern(school, filled, role):
    assert [one.title for one in waiting(make_member(school, role)) if "concern" in one.title] == []


def test_home_of_the_dsl_counts_without_names(school, dsl, signed_in, filled):
    html = signed_in(dsl).get(url("home", school)).content.decode()

    assert "concern nobody has read yet" in html or "concerns nobody has read yet" in html
    assert [word for word in CANARIES if word in html] == []


def titles(by):
    return [(one.what, one.title) for one in waiting(by)]


def test_home_asks_to_read_a_policy(school):
    make_in_force(school, "Phones and devices")

    assert titles(make_member(school, Role.STAFF)) == [("Read and acknowledge", "Phones and devices")]


def test_home_asks_the_desk_for_what_was_left(school, time_machine):
    time_machine.move_to(datetime(2026, 11, 2, 14, tzinfo=UTC))
    office = make_member(school, Role.OFFICE)
    make_device(office)
    assert titles(office) == []

    time_machine.move_to(datetime(2026, 11, 2, 16, tzinfo=UTC))
    assert titles(office) == [("Hand back", "1 device has not been collected")]

    set_rule(school, "device_release_time", "when_collected", by=TESTS)
    assert titles(office) == []


def test_home_asks_the_dsl_for_the_report_until_it_is_published(school, dsl):
    term = make_term(school)
    assert ("Write", "Term report: Autumn term") in titles(dsl)

    make_published(dsl, term)

    assert ("Write", "Term report: Autumn term") not in titles(dsl)


def test_home_tells_governors_of_a_new_report(school, dsl):
    make_published(dsl)

    assert titles(make_member(school, Role.GOVERNOR)) == [("Read", "Term report: Autumn term")]


def test_home_shows_the_dsl_what_is_due_for_review(school, dsl):
    version = make_in_force(school, "Phones and devices")
    version.set_date("next_review", timezone.localdate().isoformat())
    version.save()

    assert ("Review", "Phones and devices") in titles(dsl)
    assert "Review" not in [what for what, _ in titles(make_member(school, Role.STAFF))]


def test_home_counts_an_action_of_ones_own(school, dsl):
    give_action(make_open(school, dsl), dsl, dsl)

    assert ("Do", "1 action is yours to do") in titles(dsl)


def give_action(concern, owner, by):
    action = incidents.NewAction("Ring Robin's mother.", owner, timezone.localdate())
    return incidents.add_action(concern, action, by=by)


def test_actions_of_ones_own_are_on_a_page_that_home_and_navigation_lead_to(school, dsl, signed_in):
    concern = make_open(school, dsl)
    action, client = give_action(concern, dsl, dsl), signed_in(dsl)
    give_action(concern, make_member(school, Role.DEPUTY_DSL), dsl)
    home = client.get(url("home", school)).context
    links = [row["url"] for row in (*home["waiting"], *home["navigation"])]

    page = client.get(url("action_list", school))

    assert links.count(url("action_list", school)) == 2
    assert [row["cells"][:2] for row in page.context["rows"]] == [["Ring Robin's mother.", concern.reference]]
    done = page.context["rows"][0]["cells"][3]["url"]
    assert client.get(done).context["act"].name == "done"
    incidents.complete_action(action, by=dsl)
    assert client.get(url("action_list", school)).context["rows"] == []


def test_action_about_an_adult_is_on_the_page_of_the_head(school, dsl, signed_in):
    head, concern = make_member(school, Role.HEADTEACHER), make_adult_concern(school, dsl)
    give_action(concern, head, head)

    page = signed_in(head).get(url("action_list", school))

    assert page.context["rows"][0]["url"] == concern.get_absolute_url()
    assert "Robin" not in page.content.decode()


def test_owner_who_may_not_open_the_concern_sees_that_there_is_one_and_not_what(school, dsl, signed_in):
    teacher = make_member(school, Role.STAFF)
    give_action(make_open(school, dsl), teacher, dsl)

    page = signed_in(teacher).get(url("action_list", school))

    assert ("Do", "1 action is yours to do") in titles(teacher)
    assert (len(page.context["rows"]), "Robin" in page.content.decode()) == (1, False)


def test_page_of_actions_is_in_the_audit(school, dsl, signed_in):
    give_action(make_open(school, dsl), dsl, dsl)

    signed_in(dsl).get(url("action_list", school))

    assert AuditEvent.objects.filter(action="action.read", actor_id=dsl.actor_id).count() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_page_of_actions_needs_the_same_queries_however_many(
    school, dsl, signed_in, count, django_assert_max_num_queries
):
    for _ in range(count):
        give_action(make_open(school, dsl), dsl, dsl)
    client = signed_in(dsl)

    with django_assert_max_num_queries(21) as counted:
        client.get(url("action_list", school))

    assert len([q for q in counted if "incidents_" in q["sql"]]) == 1


def test_what_is_longest_overdue_stands_first_and_what_has_no_day_last(school, dsl):
    today = timezone.localdate()
    concern = make_open(school, dsl)
    incidents.add_action(concern, incidents.NewAction("Later.", dsl, today + timedelta(days=20)), by=dsl)
    make_term(school, ended_days_ago=3)
    version = make_in_force(school, "Phones and devices")
    version.set_date("next_review", (today - timedelta(days=90)).isoformat())
    version.save()

    days = [one.due for one in waiting(dsl)]

    dated = [day for day in days if day]
    assert (dated[0], dated) == (today - timedelta(days=90), sorted(dated))
    assert days == [*dated, *[None] * (len(days) - len(dated))]
    assert None in days


def test_home_says_when_nothing_waits(school, signed_in):
    html = signed_in(make_member(school, Role.STAFF)).get(url("home", school)).content.decode()

    assert "Nothing is waiting for you" in html


FIRST = {
    Role.DSL: "Concerns", Role.HEADTEACHER: "Concerns about adults", Role.OFFICE: "Book a device in",
    Role.NAMED_GOVERNOR: "Term report", Role.STAFF: "Log a concern", Role.ADMIN: "People", Role.CLERK: "Policies",
}  # fmt: skip


@pytest.mark.parametrize(("role", "first"), FIRST.items())
def test_home_begins_with_what_the_post_does_most(school, signed_in, role, first):
    actions = signed_in(make_member(school, role)).get(url("home", school)).context["actions"]

    assert (actions[0]["title"], 2 <= len(actions) <= 3) == (first, True)


OURS = (
    "policies_",
    "incidents_",
    "devices_",
    "reports_",
    "registers_",
    "schools_term",
    "schools_rule",
    "schools_closure",
    "schools_word",
)


@pytest.mark.parametrize("count", [1, 30])
def test_home_needs_the_same_queries_however_much_waits(
    school, signed_in, count, django_assert_max_num_queries, time_machine
):
    dsl, _, _, office = members = [
        make_member(school, post) for post in (Role.DSL, Role.HEADTEACHER, Role.NAMED_GOVERNOR, Role.OFFICE)
    ]
    add(dsl, check(dsl))
    make_term(school, ended_days_ago=2)
    for number in range(count):
        make_concern(school, by=office)
        make_device(office)
        make_in_force(school, f"Policy {number}")
    time_machine.move_to(timezone.now() + timedelta(days=1))

    for member in members:
        client = signed_in(member)
        with django_assert_max_num_queries(40) as counted:
            client.get(url("home", school))
        asked = len([q for q in counted if any(name in q["sql"] for name in OURS)])
        assert asked <= 16, member.roles
