"""Meetings with the named governor, checks of filtering, and the term reports that governors have had."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from policyhub.demo import data
from policyhub.demo.days import Span, before_weekend, moment
from policyhub.demo.ground import spans
from policyhub.demo.stage import Stage, form_ref
from registers import services as registers
from registers.enums import Register
from reports import services
from schools.models import School, Term


def write_reports(stage: Stage) -> None:
    """Scenes of the registers and the term reports."""
    rows = data.read("reports")
    for row in rows["meetings"]:
        _write_meeting(stage, row)
    for row in rows["filtering_checks"]:
        day = stage.days.ago(row["ago"])
        if day is not None:
            stage.script.add(moment(day, "11:30"), partial(_add_check, stage, row, day))
    for row in rows["reports"]:
        _write_report(stage, row)


def term_ago(stage: Stage, count: int) -> Span | None:
    """The first and last day of a term that is over: 1 is the newest of them."""
    today = timezone.localdate(stage.now)
    over = [span for span in spans("terms", stage.years) if span[1] < today]
    return over[-count] if len(over) >= count else None


def _write_meeting(stage: Stage, row: dict[str, Any]) -> None:
    span = term_ago(stage, row["terms_ago"])
    if span is not None:
        day = before_weekend(span[1] - timedelta(days=row["days_before_end"]))
        stage.script.add(moment(day, "16:30"), partial(_add_meeting, stage, row, day))


def _add_meeting(stage: Stage, row: dict[str, Any], day: date) -> None:
    dsl = stage.actor(row["dsl"])
    entry = registers.NewEntry(
        Register.GOVERNOR_MEETING,
        day,
        dsl,
        row["notes"],
        "\n".join(row["actions"]),
        second=stage.members[row["governor"]],
    )
    ref = form_ref(f"meeting-{row['terms_ago']}")
    registers.add_entry(stage.schools[row["school"]], entry, by=dsl, client_ref=ref)


def _add_check(stage: Stage, row: dict[str, Any], day: date) -> None:
    entry = registers.NewEntry(
        Register.FILTERING_CHECK,
        day,
        stage.members[row["by"]],
        row["notes"],
        "\n".join(row["actions"]),
        checked=row["checked"],
        result=row["result"],
    )
    by, ref = stage.actor(row["recorded_by"]), form_ref(f"check-{row['ago']}")
    registers.add_entry(stage.schools[row["school"]], entry, by=by, client_ref=ref)


def _write_report(stage: Stage, row: dict[str, Any]) -> None:
    span = term_ago(stage, row["terms_ago"])
    if span is None:
        return
    published = stage.days.after(stage.days.last_of(span), row["signed_after"])
    thread = stage.script.thread()
    thread.then(moment(span[1] + timedelta(days=1), "10:00"), partial(_begin, stage, row, span[0]))
    thread.then(moment(published, "15:00") if published else None, partial(_publish, stage, row))


def _begin(stage: Stage, row: dict[str, Any], first: date) -> None:
    school: School = stage.schools[row["school"]]
    term = Term.objects.get(school=school, starts_on=first)
    by, ref = stage.actor(row["author"]), form_ref(f"report-{row['terms_ago']}")
    report = services.begin_report(term, by=by, client_ref=ref)
    words = services.Words(
        summary=row["summary"], outcomes=row["outcomes"], learnt=row["learnt"], asks=row["next"]
    )
    stage.made[f"report-{row['terms_ago']}"] = services.write_words(
        report, words, by=by, version=report.version
    )


def _publish(stage: Stage, row: dict[str, Any]) -> None:
    report = stage.made[f"report-{row['terms_ago']}"]
    services.publish_report(report, by=stage.actor(row["author"]), version=report.version)
