"""What the pages of reports say: pictures from bands, each with its table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from core.templatetags.ui import day, moment
from registers.enums import Register
from reports.models import TermReport
from reports.selectors.bands import band_from

WITHHELD = "Left out this term: the numbers are so small that a single child might be recognised."
BAND_NOTE = "Numbers are shown in bands (0, 1 to 9, 10 to 19 and so on), so that no single child can be recognised. A bar ends at the top of its band."
PARTS = (
    ("outcomes", "What came of it, in words"),
    ("learnt", "What was learnt, and what has changed"),
    ("requirements", "Against national and local requirements"),
    ("asks", "What governors are asked to note or decide"),
)
PRACTICE = {
    Register.GOVERNOR_MEETING: "Meeting with the governor",
    Register.FILTERING_CHECK: "Check of filtering",
}
STAFF_MATTERS = {
    "handled": "Matters about the conduct of staff this school year: handled.",
    "none": "Matters about the conduct of staff this school year: none.",
    "": "Matters about the conduct of staff are reported once a year, with the last term's report.",
}
NOTES = {
    "kinds": "“Life online” includes devices; “harm or neglect” is harm by others, at home or outside; “welfare and other” includes wellbeing and attendance.",
    "outcomes": "“Help in school” includes what the behaviour policy provides; “other agencies” are early help, social care and the police.",
}
LONGEST_LABEL = 20
"""Longer labels do not fit below a bar: the figures then stand in a table alone."""
POPULATIONS = (("concerns", "Concerns logged"), ("devices", "Devices taken in"))


def _value(low: int) -> tuple[int, str]:
    one = band_from(low)
    return one.high, one.words


def figure(title: str, labels: Sequence[str], lows: Sequence[int], *, name: str, head: str) -> dict[str, Any]:
    """A picture in bands, as components/figure.html takes it."""
    return {
        "title": title,
        "kind": "bars",
        "labels": list(labels),
        "label_head": head,
        "series": [{"name": name, "values": [_value(low) for low in lows]}],
    }


def trend_figures(reports: Sequence[TermReport]) -> list[dict[str, Any]]:
    """The totals of this and the last published reports."""
    labels = [report.term.name for report in reports]
    return _same_heights(
        figure(
            f"{title}, term by term",
            labels,
            [one.figures[key]["low"] for one in reports],
            name=title,
            head="Term",
        )
        for key, title in POPULATIONS
    )


def _same_heights(figures: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pictures that stand together: a bar of one is as high as the same bar of another."""
    found = list(figures)
    heights = [height for one in found for row in one["series"] for height, _ in row["values"]]
    return [{**one, "top": max(heights, default=0)} for one in found]


def tables(report: TermReport) -> list[dict[str, Any]]:
    """The tables of this term: a picture, rows where labels are too long for one, or neither where it is left out."""
    found = [_table(table) for key, _ in POPULATIONS for table in report.figures[key]["tables"]]
    pictures = iter(_same_heights(table["figure"] for table in found if table["figure"]))
    return [{**table, "figure": next(pictures) if table["figure"] else None} for table in found]


def _table(table: dict[str, Any]) -> dict[str, Any]:
    labels, lows = [cell["label"] for cell in table["cells"]], [cell["low"] for cell in table["cells"]]
    shown: dict[str, Any] = {"title": table["title"], "figure": None, "rows": []}
    if labels and max(map(len, labels)) <= LONGEST_LABEL:
        picture = figure(table["title"], labels, lows, name="This term", head="Group")
        shown["figure"] = {**picture, "note": NOTES.get(table["key"], "")}
    else:
        shown["rows"] = [
            {"label": label, "value": band_from(low).words} for label, low in zip(labels, lows, strict=True)
        ]
    return shown


def changes(report: TermReport, before: TermReport | None) -> list[dict[str, Any]]:
    """Rows of the bands that are not those of the last report."""
    then = {key: low for key, _, low in _bands(before)} if before else {}
    return [
        {"cells": [label, _words(then.get(key)), band_from(low).words, _change(low, then.get(key))]}
        for key, label, low in _bands(report)
        if then.get(key) != low
    ]


def _words(low: int | None) -> str:
    return "no figure" if low is None else band_from(low).words


def _change(now: int, then: int | None) -> str:
    if then is None:
        return "nothing to compare with"
    return "higher band" if now > then else "lower band"


def _change_columns(report: TermReport, before: TermReport | None) -> list[dict[str, str]]:
    names = ["What", before.term.name if before else "", report.term.name, "Change"]
    return [{"label": name} for name in names]


def _bands(report: TermReport) -> Iterable[tuple[str, str, int]]:
    for key, title in POPULATIONS:
        yield key, title, report.figures[key]["low"]
        for table in report.figures[key]["tables"]:
            for cell in table["cells"]:
                yield f"{key}.{table['key']}.{cell['key']}", cell["label"], cell["low"]
    yield from ((f"late.{row['key']}", row["label"], row["low"]) for row in report.figures["late"])


def late(report: TermReport) -> list[dict[str, str]]:
    """What is overdue, in bands."""
    return [{"label": row["label"], "value": band_from(row["low"]).words} for row in report.figures["late"]]


POLICY_COLUMNS = [
    {"label": "Policy"},
    {"label": "Standing"},
    {"label": "Next review"},
    {"label": "Have not read it yet"},
]


def policies(report: TermReport) -> list[dict[str, Any]]:
    """Rows of how the policies stood when the figures were taken."""
    return [
        {
            "cells": [
                row["title"],
                {
                    "status": {"kind": "stop", "word": "Review overdue"}
                    if row["overdue"]
                    else _standing(row["state"])
                },
                day(row["next_review"]) or "no date",
                "not in force" if row["unread"] is None else band_from(row["unread"]).words,
            ]
        }
        for row in report.figures["policies"]
    ]


def _standing(state: str) -> dict[str, str]:
    return {"kind": "done" if state == "In force" else "note", "word": state}


def practice(report: TermReport) -> list[dict[str, Any]]:
    """What must be done each term, and when it was last done in this one."""
    return [
        {
            "label": PRACTICE[Register(row["key"])],
            "status": {"kind": "done", "word": f"On {day(row['on'])}"}
            if row["on"]
            else {"kind": "stop", "word": "Not this term"},
        }
        for row in report.figures["practice"]
    ]


def head_groups(report: TermReport) -> str:
    """The head of the audit when the report was published: its number and 8 groups of 4."""
    groups = [report.audit_head[start : start + 4] for start in range(0, 32, 4)]
    return f"{report.audit_seq}: {' '.join(groups)}"


def report_page(report: TermReport, before: TermReport | None, trend: Sequence[TermReport]) -> dict[str, Any]:
    """Everything that the page and the PDF show."""
    return {
        "report": report,
        "title": f"Term report: {report.term.name}",
        "trend": trend_figures(trend) if len(trend) > 1 else [],
        "totals": [
            {"label": title, "value": band_from(report.figures[key]["low"]).words}
            for key, title in POPULATIONS
        ],
        "tables": tables(report),
        "changes": changes(report, before),
        "change_columns": _change_columns(report, before),
        "before": before,
        "late": late(report),
        "policies": policies(report),
        "policy_columns": POLICY_COLUMNS,
        "practice": practice(report),
        "staff_matters": STAFF_MATTERS[report.figures["staff"]],
        "parts": [
            {"title": title, "text": getattr(report, name)} for name, title in PARTS if getattr(report, name)
        ],
        "head": head_groups(report) if report.is_published else "",
        "withheld": WITHHELD,
        "band_note": BAND_NOTE,
    }


def file_name(report: TermReport) -> str:
    """A name for the PDF that says no more than the term and its year."""
    term, year = slugify(report.term.name) or "term", str(report.covers_to.year)
    return f"term-report-{term}.pdf" if year in term.split("-") else f"term-report-{term}-{year}.pdf"


COLUMNS = [{"label": "Term"}, {"label": "Covers"}, {"label": "Published"}]


def report_rows(reports: Iterable[TermReport]) -> list[dict[str, Any]]:
    """Rows of the list of reports."""
    return [
        {
            "url": report.get_absolute_url(),
            "cells": [
                report.term.name,
                f"{day(report.covers_from)} to {day(report.covers_to)}",
                moment(report.published_at)
                if report.published_at
                else {"status": {"kind": "wait", "word": "Draft"}},
            ],
        }
        for report in reports
    ]


def to_begin(terms: Iterable[Any], slug: str, form_class: Any) -> list[dict[str, Any]]:
    """Terms that are over and wait for their report, each with the form that begins it."""
    return [
        {"name": term.name, "ended_on": term.ends_on, "form": _begin_form(form_class, slug, term)}
        for term in terms
    ]


def _begin_form(form_class: Any, slug: str, term: Any) -> Any:
    form = form_class(auto_id=f"id_{term.pk.hex}_%s")
    form.form_action = reverse("reports:report_create", args=[slug, term.pk])
    form.submit_label = f"Begin the report on {term.name}"
    return form


def words_initial(report: TermReport) -> dict[str, Any]:
    """What the form of the words begins with."""
    names = ("summary", "outcomes", "learnt", "requirements", "asks", "version")
    return {name: getattr(report, name) for name in names}


def written(report: TermReport) -> list[dict[str, str]]:
    """The words as they stand, each part under its heading."""
    parts = (("summary", "What happened this term"), *PARTS)
    return [{"title": title, "text": getattr(report, name)} for name, title in parts if getattr(report, name)]


def dated(report: TermReport) -> date:
    """The day that stands on the report, in London."""
    return timezone.localdate(report.published_at or report.frozen_at)
