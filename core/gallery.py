"""Made-up content for the gallery page: every component of the design system in all its states."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator

from core.forms import HouseForm, PickerOption, PickerWidget, SignatureInput

UTC = dt.UTC
PEOPLE = [
    PickerOption("1", "Robin Ashdown", "Year 4, Kingfisher"),
    PickerOption("2", "Robin Aldous", "Year 6, Heron"),
]
ALWAYS = [PickerOption("unlisted", "Someone not listed"), PickerOption("unsure", "Not sure who")]


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> dt.datetime:
    """A moment of the sample autumn."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=UTC)


class Sentence(str):
    """A message as Django's messages are: a text with a level."""

    level_tag: str

    def __new__(cls, text: str, level_tag: str) -> Sentence:
        message = super().__new__(cls, text)
        message.level_tag = level_tag
        return message


class SampleForm(HouseForm, forms.Form):
    """Every kind of input."""

    submit_label = "Send this concern"
    cancel_url = "#forms"

    who = forms.CharField(label="Who is it about?", widget=PickerWidget("", always=ALWAYS))
    when = forms.DateTimeField(
        label="When did it happen?", help_text="As near as you know.", initial=at(12, 10, 15)
    )
    seen_on = forms.DateField(label="Policy read on", required=False)
    place = forms.ChoiceField(
        label="Where?",
        choices=[("site", "On site"), ("off", "Off site"), ("online", "Online")],
        widget=forms.RadioSelect,
        initial="online",
    )
    service = forms.ChoiceField(
        label="Which service?",
        required=False,
        choices=[("", "Choose one"), ("chat", "Group chat"), ("game", "A game")],
    )
    story = forms.CharField(
        label="What happened?", help_text="Facts, and the child's own words.", widget=forms.Textarea
    )
    done = forms.MultipleChoiceField(
        label="What have you done already?",
        required=False,
        choices=[("dsl", "Told a DSL in person"), ("home", "Rang home"), ("device", "Took the device in")],
        widget=forms.CheckboxSelectMultiple,
    )
    picture = forms.FileField(
        label="A document", required=False, help_text="PDF, Word or picture, up to 10 MB."
    )
    sure = forms.BooleanField(label="I have not looked at, copied or sent any image")
    signed = forms.CharField(label="Type your name to sign", widget=SignatureInput)


def sample_form() -> SampleForm:
    """The form as it first comes."""
    form = SampleForm(auto_id="id_%s", prefix="new")
    _found(form, "Rob")
    return form


def wrong_form() -> SampleForm:
    """The same form sent back with errors."""
    form = SampleForm({"old-place": "online", "old-service": "chat", "old-who_query": "Rob"}, prefix="old")
    _found(form, "Rob")
    return form


def _found(form: SampleForm, query: str) -> None:
    widget = form.fields["who"].widget
    if isinstance(widget, PickerWidget):
        widget.options, widget.query = list(PEOPLE), query


class SampleFilter(forms.Form):
    """A filter bar."""

    category = forms.ChoiceField(label="Category", choices=[("", "Any"), ("bullying", "Online bullying")])
    since = forms.DateField(label="Since", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    mine = forms.BooleanField(label="Mine only", required=False)


def sample_page() -> Page:
    """The second page of three."""
    return Paginator(range(60), 25).page(2)


TIMELINE: list[dict[str, Any]] = [
    {
        "happened": at(12, 9, 15),
        "recorded": at(12, 9, 40),
        "author": "Jo Farley",
        "kind": "Concern logged",
        "text": "R. said that a photo of him was posted in a class group chat on Sunday evening. His words: “They all laughed at it.”",
        "corrected": True,
    },
    {
        "happened": at(12, 10, 5),
        "recorded": at(12, 10, 6),
        "author": "Sam Whitlock, DSL",
        "kind": "Read and triaged",
        "text": "Online bullying, medium risk. The group is outside school but all eight members are in Year 6.",
    },
    {
        "happened": at(12, 9, 15),
        "recorded": at(12, 13, 20),
        "author": "Jo Farley",
        "kind": "Correction",
        "text": "The photo was posted on Saturday evening, not Sunday.",
        "corrects": at(12, 9, 40),
        "reason": "Checked with the child after lunch",
        "url": "#timeline",
    },
]
STEPS: list[dict[str, Any]] = [
    {"label": "Read by a DSL", "state": "done", "done_at": at(12, 10, 5), "done_by": "Sam Whitlock"},
    {
        "label": "Ring both families",
        "state": "doing",
        "clock": {"text": "4 school hours left", "state": "soon", "due": at(12, 15, 30)},
        "url": "#checklist",
        "action": "Record the call",
    },
    {
        "label": "Ask the service to take the photo down",
        "state": "todo",
        "clock": {"text": "2 school days left", "state": "plenty"},
    },
    {"label": "Tell the police", "state": "skipped", "why": "No offence; agreed with the partnership"},
]
SAFE = {"who": "School office", "place": "Main office", "slot": "14"}
CUSTODY: list[dict[str, Any]] = [
    {
        "when": at(12, 8, 50),
        "what": "Taken in",
        "who": "Jo Farley",
        "place": "Room 6",
        "note": "Cracked corner",
    },
    {"when": at(12, 8, 58), "what": "Put in the safe", "signed": "A. Office", **SAFE},
    {"when": at(12, 10, 20), "what": "Held", "hold": True, **SAFE},
]
FIGURE_BARS: dict[str, Any] = {
    "title": "Concerns logged, by term",
    "kind": "bars",
    "labels": ["Autumn 2025", "Spring 2026", "Summer 2026", "Autumn 2026"],
    "series": [
        {
            "name": "Online bullying",
            "values": [(8, "6 to 10"), (3, "1 to 5"), (13, "11 to 15"), (8, "6 to 10")],
        },
        {
            "name": "Phone rules",
            "values": [(18, "16 to 20"), (13, "11 to 15"), (8, "6 to 10"), (3, "1 to 5")],
        },
    ],
    "note": "Numbers are shown in bands, so that no one can be worked out from them.",
}
FIGURE_LINES: dict[str, Any] = {
    "title": "Staff who have acknowledged the policy in force",
    "kind": "lines",
    "labels": ["Sep", "Oct", "Nov", "Dec", "Jan"],
    "series": [
        {"name": "Mobile technology", "values": [12, 22, 27, 29, 30]},
        {"name": "Social media", "values": [4, 9, None, 21, 26]},
    ],
    "label_head": "Month",
}
HEADS = ("Who", "Status", "Category", "Clock", "With")
COLUMNS: list[dict[str, Any]] = [*({"label": head} for head in HEADS), {"label": "Age", "number": True}]
ROWS: list[dict[str, Any]] = [
    {
        "url": "#table",
        "unseen": True,
        "cells": [
            "Robin A., Year 4",
            {"status": {"kind": "new", "word": "Not yet read"}},
            "DSL to decide",
            {"clock": {"text": "25 minutes over", "state": "over"}},
            "Nobody yet",
            "today",
        ],
    },
    {
        "url": "#table",
        "cells": [
            "Kit M., Year 6",
            {"status": {"kind": "open", "word": "In work"}},
            "Online bullying",
            {"clock": {"text": "4 school hours left", "state": "soon"}},
            {"person": {"name": "Sam Whitlock", "role": "DSL"}},
            "2 school days",
        ],
    },
    {
        "url": "#table",
        "cells": [
            "Frankie O., Year 5",
            {"status": {"kind": "done", "word": "Closed"}},
            "Phone rules",
            {"clock": {"text": "Met", "state": "met"}},
            "Alex Brook",
            "9 school days",
        ],
    },
]
DOCUMENT_LINES = [{"label": "Received", "value": "12 October 2026"}, {"label": "From", "value": "Jo Farley"}]

STATUSES = {
    "new": "Not yet read",
    "open": "In work",
    "wait": "Waiting for reply",
    "due": "Due in 3 school days",
    "stop": "Overdue",
    "held": "Held for police",
    "done": "Closed",
    "note": "For information",
    "quiet": "Draft",
    "void": "Withdrawn",
}
CLOCKS: list[dict[str, Any]] = [
    {"text": "3 school days left", "state": "plenty", "due": dt.date(2026, 10, 15)},
    {"text": "4 school hours left", "state": "soon", "due": at(12, 14, 30)},
    {"text": "25 minutes over", "state": "over", "due": at(12, 8, 5)},
    {"text": "Stopped for half-term", "state": "stopped"},
    {"text": "Met in 40 minutes", "state": "met"},
]
SAMPLES: dict[str, Any] = {
    "tones": ["ink", "paper", "wash", "line", "accent", "stop", "due", "done", "note", "focus"],
    "statuses": [{"kind": kind, "word": word} for kind, word in STATUSES.items()],
    "clocks": CLOCKS,
    "entries": TIMELINE,
    "steps": STEPS,
    "links": CUSTODY,
    "figure_bars": FIGURE_BARS,
    "figure_lines": FIGURE_LINES,
    "columns": COLUMNS,
    "rows": ROWS,
    "filter_form": SampleFilter,
    "sample_form": sample_form,
    "wrong_form": wrong_form,
    "sample_page": sample_page,
    "found": PEOPLE,
    "always": ALWAYS,
    "chosen": ["1"],
    "tabs": [
        {"label": "Not yet read", "url": "#tabs", "count": 2, "urgent": True, "current": True},
        {"label": "In work", "url": "#tabs", "count": 14, "current": False},
        {"label": "Closed", "url": "#tabs", "count": 203, "current": False},
    ],
    "facts": [
        {"label": "Reference", "value": "C-2026-0142"},
        {"label": "Ratified", "date": "2026-10"},
        {"label": "Next review", "date": dt.date(2027, 10, 12)},
        {"label": "Minute", "value": ""},
    ],
    "toasts": [
        Sentence("Closed. The reporter has been told that it was read.", "success"),
        Sentence("Your sign-in ends in one minute.", "warning"),
        Sentence("The e-mail could not be sent; it will be tried again.", "error"),
        Sentence("Nothing changed.", "info"),
    ],
    "on_duty": [
        {"name": "Sam Whitlock", "role": "DSL", "phone": "01632 960142"},
        {"name": "Alex Brook", "role": "Deputy DSL", "phone": "01632 960143"},
    ],
    "sent_before": [
        {"label": "Whose", "first": "Robin Ashdown", "now": "Robin Ashdown"},
        {"label": "Condition", "first": "", "now": "Screen cracked at the top."},
    ],
    "receipt_lines": DOCUMENT_LINES,
    "receipt_next": [
        "Sam Whitlock has been told and will read it today.",
        "You will see here when it has been read.",
    ],
    "made": at(12, 9, 42),
    "label_lines": ["Robin A., Year 4", "Black phone, cracked corner", "12 October 2026, 09:58"],
    "label_url": "https://hub.example/d/7Q4M",
}
