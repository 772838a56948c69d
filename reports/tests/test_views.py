"""The term report as people of each post use it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from core import scope
from incidents.tests.factories import make_concern
from policies.tests.factories import make_in_force
from registers.tests.factories import add, check
from reports import services
from reports.models import TermReport
from reports.tests.factories import SUMMARY, make_draft, make_published, make_term
from schools.enums import Role
from schools.tests.factories import make_learner, make_member, without_tokens

pytestmark = pytest.mark.django_db


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
    assert (page.context["form"]["summary"].value(), page.context["form"].kept) == ("Half a sent", True)
    assert page.context["stands"] == [{"title": "What happened this term", "text": SUMMARY}]


def test_second_author_sees_what_stands_now_beside_their_own_words(school, dsl, signed_in):
    report, deputy = make_draft(dsl), make_member(school, Role.DEPUTY_DSL)
    mine = {"summary": "Mine.", "version": report.version}
    services.write_words(report, services.Words("Theirs."), by=deputy, version=report.version)
    client, address = signed_in(dsl), url("report_prepare", school, report.pk)

    page = client.post(address, mine)

    form = page.context["form"]
    assert page.context["stands"] == [{"title": "What happened this term", "text": "Theirs."}]
    assert (form["summary"].value(), form["version"].value()) == ("Mine.", "2")
    client.post(address, {"summary": "Both.", "version": form["version"].value()})
    assert TermReport.objects.get().summary == "Both."


def test_words_sent_after_the_report_was_published_are_refused_and_kept_on_the_page(school, dsl, signed_in):
    report = make_published(dsl)

    page = signed_in(dsl).post(
        url("report_prepare", school, report.pk), {"summary": "Too late.", "version": 1}
    )

    assert (page.status_code, page.context["form"]["summary"].value()) == (200, "Too late.")
    assert page.context["form"].non_field_errors()
    assert TermReport.objects.get().summary == SUMMARY


def test_publishing_what_was_changed_meanwhile_asks_for_another_look(school, dsl, signed_in):
    report = make_draft(dsl)
    services.write_words(report, services.Words("Changed."), by=dsl, version=1)
    client, address = signed_in(dsl), url("report_publish", school, report.pk)

    page = client.post(address, {"checked": "on", "version": 1})

    form = page.context["form"]
    assert ("Changed." in page.content.decode(), form["checked"].value(), form["version"].value()) == (
        True,
        False,
        "2",
    )
    assert TermReport.objects.get().is_published is False


def test_second_to_publish_is_told_and_led_to_the_report(school, dsl, signed_in):
    report = make_published(dsl)

    page = signed_in(dsl).post(
        url("report_publish", school, report.pk), {"checked": "on", "version": 1}, follow=True
    )

    assert page.request["PATH_INFO"] == url("report_detail", school, report.pk)
    assert f"{dsl.name} changed this report" in page.content.decode()


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


def test_pdf_names_the_year_once(school, dsl, signed_in):
    year = (timezone.localdate() - timedelta(days=3)).year
    report = make_published(dsl, make_term(school, f"Summer term {year}"))

    page = signed_in(dsl).get(url("report_pdf", school, report.pk))

    assert page.headers["Content-Disposition"] == f'attachment; filename="term-report-summer-term-{year}.pdf"'


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
    assert [figure["top"] for figure in page.context["trend"]] == [9, 9]
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


OURS = ("policies_", "incidents_", "devices_", "reports_", "registers_", "schools_term", "schools_rule")


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
