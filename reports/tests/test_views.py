"""Home and the term report as people of each post use them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from core import scope
from devices.tests.factories import make_device
from incidents import services as incidents
from incidents.tests.factories import make_concern, make_open
from policies.tests.factories import make_in_force
from registers.tests.factories import add, check
from reports.models import TermReport
from reports.selectors.home import waiting
from reports.tests.factories import SUMMARY, make_draft, make_published, make_term
from schools.enums import Role
from schools.tests.factories import make_learner, make_member, without_tokens

pytestmark = pytest.mark.django_db
GOVERNING = [Role.NAMED_GOVERNOR, Role.GOVERNOR, Role.CLERK]


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL)


def url(name, school, *args):
    return reverse(f"reports:{name}", args=[school.slug, *args])


def test_report_goes_from_begin_to_governor(school, dsl, signed_in):
    term, client = make_term(school), signed_in(dsl)
    governor = signed_in(make_member(school, Role.NAMED_GOVERNOR))

    page = client.post(url("report_create", school, term.pk), {"client_ref": uuid4()}, follow=True)
    report = TermReport.objects.get()
    assert page.request["PATH_INFO"] == url("report_prepare", school, report.pk)
    client.post(page.request["PATH_INFO"], {"summary": SUMMARY, "version": 0})
    assert governor.get(url("report_detail", school, report.pk)).status_code == 404

    client.post(url("report_publish", school, report.pk), {"checked": "on", "version": 1})
    page = governor.get(url("report_detail", school, report.pk)).content.decode()
    report.refresh_from_db()
    groups = [report.audit_head[start : start + 4] for start in range(0, 32, 4)]
    assert SUMMARY in page
    assert f"{report.audit_seq}: {' '.join(groups)}" in page


def test_words_that_name_somebody_come_back_with_what_was_typed(school, dsl, signed_in):
    make_learner(school, "Robin", "Ashdown")
    report = make_draft(dsl)
    typed = {"summary": "Robin Ashdown was seen.", "version": report.version}

    page = signed_in(dsl).post(url("report_prepare", school, report.pk), typed)

    assert "Ashdown" in page.context["form"].non_field_errors()[0]
    assert page.context["form"]["summary"].value() == "Robin Ashdown was seen."


def test_words_are_kept_while_they_are_typed(school, dsl, signed_in):
    report, client = make_draft(dsl), signed_in(dsl)
    form = client.get(url("report_prepare", school, report.pk)).context["form"]
    kept = {"draft_token": form.initial["draft_token"], "summary": "Half a sent"}

    client.post(reverse("schools:draft_save", args=[school.slug]), kept)

    page = client.get(url("report_prepare", school, report.pk))
    assert (page.context["form"]["summary"].value(), page.context["kept"]) == ("Half a sent", True)


def test_publishing_asks_for_the_last_look(school, dsl, signed_in):
    report = make_draft(dsl)

    page = signed_in(dsl).post(url("report_publish", school, report.pk), {"version": report.version})

    assert page.context["form"].errors.keys() == {"checked"}
    assert TermReport.objects.get().is_published is False


def test_pdf_is_a_download_with_a_neutral_name(school, dsl, signed_in):
    report = make_published(dsl)

    page = signed_in(make_member(school, Role.GOVERNOR)).get(url("report_pdf", school, report.pk))

    assert page.content.startswith(b"%PDF-")
    assert (
        page.headers["Content-Disposition"]
        == f'attachment; filename="term-report-autumn-term-{report.covers_to.year}.pdf"'
    )


def test_draft_has_no_pdf(school, dsl, signed_in):
    assert signed_in(dsl).get(url("report_pdf", school, make_draft(dsl).pk)).status_code == 404


@pytest.mark.requirement("R269")
def test_report_shows_the_trend_and_only_what_has_moved(school, dsl, signed_in, time_machine):
    first = make_term(
        school, "Spring term", ended_days_ago=0, starts_on=timezone.localdate() - timedelta(days=1)
    )
    time_machine.move_to(timezone.now() + timedelta(days=1))
    make_published(dsl, first)
    term = make_term(
        school,
        "Summer term",
        ended_days_ago=0,
        starts_on=timezone.localdate() - timedelta(days=0),
        ends_on=timezone.localdate() + timedelta(days=1),
    )
    make_concern(school, by=dsl)
    time_machine.move_to(timezone.now() + timedelta(days=2))
    report = make_published(dsl, term)

    page = signed_in(make_member(school, Role.GOVERNOR)).get(url("report_detail", school, report.pk))

    assert page.context["trend"][0]["labels"] == ["Spring term", "Summer term"]
    assert page.context["trend"][0]["series"][0]["values"] == [(0, "0"), (9, "1 to 9")]
    moved = [row["cells"] for row in page.context["changes"]]
    assert [row[0] for row in moved[:3]] == ["Concerns logged", "Not sorted", "Still open"]
    assert {row[3] for row in moved} == {"higher band"}


@pytest.mark.requirement("R272", "R273")
def test_report_says_whether_checks_were_made_and_how_practice_stands(school, dsl, signed_in):
    add(dsl, check(dsl, happened_on=timezone.localdate() - timedelta(days=5)))
    report = make_published(dsl, requirements="Checked against the national guidance of this year.")

    page = signed_in(make_member(school, Role.GOVERNOR)).get(url("report_detail", school, report.pk))

    words = {row["label"]: row["status"]["kind"] for row in page.context["practice"]}
    assert words == {
        "Meeting with the governor": "stop",
        "Check of filtering": "done",
    }
    assert "Checked against the national guidance of this year." in page.content.decode()


LADDER = {
    "report_list": {Role.DSL: 200, Role.HEADTEACHER: 200, Role.NAMED_GOVERNOR: 200, Role.CLERK: 200, Role.STAFF: 403, Role.IT: 403},
    "report_detail": {Role.DSL: 200, Role.NAMED_GOVERNOR: 200, Role.OFFICE: 403, Role.STAFF: 403, Role.ADMIN: 403},
    "report_prepare": {Role.DSL: 404, Role.HEADTEACHER: 403, Role.NAMED_GOVERNOR: 403, Role.STAFF: 403},
    "report_publish": {Role.DSL: 405, Role.HEADTEACHER: 403, Role.CHAIR: 403, Role.STAFF: 403},
    "report_create": {Role.DSL: 405, Role.HEADTEACHER: 403, Role.GOVERNOR: 403},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "role", "status"), [(n, r, s) for n, row in LADDER.items() for r, s in row.items()]
)
def test_each_page_is_for_its_posts(school, dsl, signed_in, name, role, status):
    report = make_published(dsl)
    args = [] if name == "report_list" else [report.pk]

    assert signed_in(make_member(school, role)).get(url(name, school, *args)).status_code == status


def test_report_of_another_school_is_as_unknown_as_any(school, other_school, signed_in):
    client = signed_in(make_member(school, Role.NAMED_GOVERNOR))
    with scope.acting(schools=[other_school.pk]):
        foreign = make_published(make_member(other_school, Role.DSL))

    pages = [client.get(url("report_detail", school, pk)) for pk in (foreign.pk, uuid4())]

    assert [page.status_code for page in pages] == [404, 404]
    assert without_tokens(pages[0].content) == without_tokens(pages[1].content)


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
    office = make_member(school, Role.OFFICE)
    make_device(office)
    assert titles(office) == []

    time_machine.move_to(timezone.now() + timedelta(days=1))

    assert titles(office) == [("Hand back", "1 device has not been collected")]


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
    concern = make_open(school, dsl)
    action = incidents.NewAction("Ring Robin's mother.", dsl, timezone.localdate())
    incidents.add_action(concern, action, by=dsl)

    assert ("Do", "1 action is yours to do") in titles(dsl)


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
@pytest.mark.parametrize("role", [Role.DSL, Role.HEADTEACHER, Role.NAMED_GOVERNOR, Role.OFFICE])
def test_home_needs_the_same_queries_however_much_waits(
    school, signed_in, role, count, django_assert_max_num_queries, time_machine
):
    office, member, dsl = (make_member(school, post) for post in (Role.OFFICE, role, Role.DSL))
    add(dsl, check(dsl))
    make_term(school, ended_days_ago=2)
    for number in range(count):
        make_concern(school, by=office)
        make_device(office)
        make_in_force(school, f"Policy {number}")
    time_machine.move_to(timezone.now() + timedelta(days=1))
    client = signed_in(member)

    with django_assert_max_num_queries(40) as counted:
        client.get(url("home", school))

    assert len([q for q in counted if any(name in q["sql"] for name in OURS)]) <= 12


@pytest.mark.parametrize("count", [1, 30])
def test_report_needs_the_same_queries_however_much_happened(
    school, dsl, signed_in, count, django_assert_max_num_queries, time_machine
):
    term, reporter = make_term(school, ended_days_ago=0), make_member(school, Role.STAFF)
    for number in range(count):
        make_concern(school, by=reporter)
        make_in_force(school, f"Policy {number}")
    time_machine.move_to(timezone.now() + timedelta(days=1))
    report, client = make_published(dsl, term), signed_in(make_member(school, Role.GOVERNOR))

    with django_assert_max_num_queries(20) as counted:
        client.get(url("report_detail", school, report.pk))

    assert len([q for q in counted if any(name in q["sql"] for name in OURS)]) <= 4
