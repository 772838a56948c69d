"""The page on which a draft is written, and the forms on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import slugify

from core.templatetags.ui import day
from policies.fields import RULE, WORD, Value
from policies.models import Clause, PolicyVersion, Section
from policies.services import VersionDetails

_LAST_NUMBER = re.compile(r"^(.*?)(\d{1,4})(\D*)$")
_LAST_LETTER = re.compile(r"^((?:.*[^A-Za-z])?)([a-yA-Y])([).:]*)$")
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN = re.compile(r"^([(]?)(i{1,3}|iv|vi{0,3}|ix|xi?)([).:]*)$")
SCOPE = ("people", "technologies", "places")


@dataclass(frozen=True)
class Opened:
    """The one form that is open: `in` the place of a clause or section, `above` or `below` it, or `after` a section.

    `at` is None for a new section at the end, and where somebody deleted what the form is about.
    """

    form: Any
    at: Clause | Section | None
    place: str
    title: str

    @property
    def is_clause(self) -> bool:
        """Whether it changes a clause, which can then be moved as well."""
        return self.place == "in" and isinstance(self.at, Clause)

    @property
    def is_section(self) -> bool:
        """Whether it changes a section."""
        return self.place == "in" and isinstance(self.at, Section)

    @property
    def spot(self) -> dict[str, Any]:
        """Where it stands: the place, with the id of what it stands at; `top` or `end` of the text without one."""
        if self.at is None:
            return {"end" if self.place == "after" else "top": True}
        return {self.place: self.at.pk}


def next_label(before: str) -> str:
    """The label that follows one: 2.1 to 2.2, (b) to (c), iv. to v.; "" after none and after one that does not count."""
    if found := _ROMAN.match(before):
        place = ROMAN.index(found[2]) + 1
        return f"{found[1]}{ROMAN[place]}{found[3]}" if place < len(ROMAN) else ""
    if found := _LAST_NUMBER.match(before):
        return f"{found[1]}{int(found[2]) + 1}{found[3]}"
    if found := _LAST_LETTER.match(before):
        return f"{found[1]}{chr(ord(found[2]) + 1)}{found[3]}"
    return ""


def first_label(section: Section) -> str:
    """The label of the first clause below a heading: 2.1 below 2. or 2; "" below a heading without a number."""
    number = section.label.rstrip(".:)")
    return f"{number}.1" if number.replace(".", "").isdigit() else ""


def label_below(clause: Clause, beside: Sequence[Clause]) -> str:
    """The label that a new clause below another one would bear; "" where that one is taken already."""
    proposed = next_label(clause.label)
    return "" if proposed in {one.label for one in beside} else proposed


def next_section_label(sections: Sequence[Section]) -> str:
    """The label after that of the last main heading that counts."""
    labels = [one.label for one in sections if one.level == 1 and next_label(one.label)]
    return next_label(labels[-1]) if labels else "" if sections else "1."


def writing_page(
    version: PolicyVersion, sections: Sequence[Section], opened: Opened | None = None
) -> dict[str, Any]:
    """The text with a way to write each part of it, and the form that is open."""
    return {
        "version": version,
        "sections": sections,
        "opened": opened,
        "details_url": reverse("policies:version_details", args=[version.school.slug, version.pk]),
        "clauses": sum(len(one.clauses.all()) for one in sections),
    }


def field_groups(values: Mapping[str, Value]) -> list[dict[str, Any]]:
    """The fields that can be put into a text, by kind, each as it is typed with what it says today."""
    kinds = (
        ("Who holds a post", lambda key: ":" not in key),
        ("The school's own words", lambda key: key.startswith(WORD)),
        ("The school's rules", lambda key: key.startswith(RULE)),
    )
    return [
        {
            "title": title,
            "rows": [
                {"typed": f"{{{key}}}", "words": value.words or "Not known yet", "source": value.source}
                for key, value in values.items()
                if belongs(key)
            ],
        }
        for title, belongs in kinds
    ]


def word_name(version: PolicyVersion) -> str:
    """A plain name for the Word file."""
    return f"{slugify(version.title) or 'policy'}-version-{version.label}.docx"


def details_initial(version: PolicyVersion) -> dict[str, Any]:
    """What the form for the head of a version starts with."""
    names = ("title", "linked_policies", "guidance", "template", "licence", "revision")
    return {
        **{name: getattr(version, name) for name in names},
        "written": day(version.written),
        "next_review": day(version.next_review),
        **{name: version.key_details.get(name) or [] for name in ("dsl", "deputy_dsl", "named_governor")},
        **{name: version.scope.get(name) or [] for name in SCOPE},
    }


def details_of(typed: dict[str, Any]) -> VersionDetails:
    """What was typed into that form, as the service takes it."""
    names = [name for name in VersionDetails.__dataclass_fields__ if name != "scope"]
    return VersionDetails(
        **{name: typed[name] for name in names}, scope={name: typed[name] for name in SCOPE}
    )
