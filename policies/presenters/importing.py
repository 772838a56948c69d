"""What the preview of an uploaded file shows, and what its form starts with."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from core.templatetags.ui import day
from policies.enums import PolicyKind
from policies.models import PolicyVersion, SourceFile
from policies.models.policy import everyone
from policies.presenters.words import findings_of
from policies.reading.labels import bare
from policies.reading.notation import to_lines
from policies.selectors import audience_of_scope, sections_of, title_key
from policies.selectors.outlines import plain_section
from schools.enums import Role
from schools.models import School

DATES = ("written", "ratified", "next_review")
PEOPLE = ("dsl", "deputy_dsl", "named_governor")
SOUGHT = ("setting", *DATES, "ratifying_body", *PEOPLE, "linked_policies", "guidance")
COMPARED = ("title", *SOUGHT, "template", "licence", "text", "note")
"""What is set beside each other where two corrected the same document; the rest are choices of the school."""
_WORDS = re.compile(r"[^\W_]+")
_COMMON = frozenset(
    """
    a academies academy and c catholic centre ce church college community day e england federation first for free grammar
    high infant infants junior juniors learning ltd multi nursery of partnership pre preschool primary roman s school
    schools secondary sixth form special st the trust
    """.split()  # noqa: SIM905 a list of words reads better without quotes
)
KIND_WORDS = (
    (PolicyKind.ACCEPTABLE_USE, ("acceptable use",)),
    (PolicyKind.SOCIAL_MEDIA, ("social media", "social network")),
    (PolicyKind.MOBILE_DEVICES, ("mobile", "smart tech", "phone", "device")),
    (PolicyKind.ONLINE_SAFETY, ("online safety", "e-safety", "esafety", "internet")),
    (PolicyKind.CHILD_PROTECTION, ("child protection", "safeguarding")),
    (PolicyKind.BEHAVIOUR, ("behaviour", "bullying")),
    (PolicyKind.CONDUCT, ("conduct",)),
    (PolicyKind.DATA_PROTECTION, ("data protection", "privacy", "gdpr")),
)


def kind_of_title(title: str) -> str:
    """What a policy is about, as far as its title says."""
    plain = title.casefold()
    return next(
        (kind for kind, words in KIND_WORDS if any(word in plain for word in words)), PolicyKind.OTHER
    )


def draft_initial(read: dict[str, Any], policies: list[tuple[str, str]]) -> dict[str, Any]:
    """What the form for a draft starts with: as read, as the next version of a policy of the same title."""
    details = read["key_details"]
    same = next((pk for pk, title in policies if title_key(title) == title_key(read["title"])), "")
    return {
        "policy": same,
        "title": read["title"][:200],
        "kind": kind_of_title(read["title"]),
        "setting": read["setting"][:200],
        **{name: day(details[name]) for name in DATES},
        "ratifying_body": details["ratifying_body"] or "",
        **{name: details[name] for name in PEOPLE},
        "linked_policies": read["linked_policies"],
        "guidance": read["guidance"],
        "template": (read.get("template") or "")[:300],
        "licence": (read.get("licence") or "")[:500],
        "text": to_lines(read["sections"]),
        "owner_role": Role.DSL,
        "audience": audience_of_scope((read.get("scope") or {}).get("people", ())) or everyone(),
    }


def not_found(initial: dict[str, Any]) -> list[str]:
    """The details of which the file says nothing."""
    return [name for name in SOUGHT if not initial[name]]


def corrected(read: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    """What somebody made of the document, in the shape in which it was read; what was not found stays None."""
    details = {name: typed[name] or None for name in (*DATES, "ratifying_body")}
    return {
        "title": typed["title"],
        "setting": typed["setting"],
        "key_details": {**read["key_details"], **details, **{name: typed[name] for name in PEOPLE}},
        "linked_policies": typed["linked_policies"],
        "guidance": typed["guidance"],
        "template": typed["template"] or None,
        "licence": typed["licence"] or None,
        "sections": typed.get("text", read["sections"]),
    }


def saved_first(
    version: PolicyVersion, sent: dict[str, Any], form: Any
) -> tuple[list[dict[str, str]], str, str, str]:
    """What somebody else saved of the same document and what was sent now, beside each other where they differ."""
    first, now = (draft_initial(one, []) for one in (_as_read(version), sent))
    first["note"], now["note"] = version.note, form.cleaned_data["note"]
    rows = []
    for name in [one for one in form.fields if one in COMPARED]:
        field = form.fields[name]
        said = [str(field.prepare_value(one[name]) or "") for one in (first, now)]
        if said[0] != said[1]:
            rows.append((field.label, *_differing(*said)))
    beside = [{"label": label, "first": one, "now": other} for label, one, other in rows]
    again = (
        "Nothing of yours was saved, and it still stands below. Open the draft and put in what it lacks; "
        "sending this form again changes nothing."
    )
    return beside, version.get_absolute_url(), again, "Somebody saved a draft of this document before you"


def _differing(first: str, now: str) -> tuple[str, str]:
    """The lines of two texts that stand in one of them only."""
    one, other = first.splitlines(), now.splitlines()
    return _without(one, other), _without(other, one)


def _without(lines: list[str], others: list[str]) -> str:
    there = set(others)
    return "\n".join(line for line in lines if line not in there)


def _as_read(version: PolicyVersion) -> dict[str, Any]:
    """A draft in the shape in which its document was read."""
    return {
        "title": version.title,
        "setting": version.policy.setting,
        "key_details": {
            **version.key_details,
            **{name: getattr(version, name) or None for name in ("written", "next_review")},
        },
        "linked_policies": version.linked_policies,
        "guidance": version.guidance,
        "template": version.template,
        "licence": version.licence,
        "sections": [plain_section(one, one.clauses.all()) for one in sections_of(version)],
    }


def preview(source: SourceFile, position: int, school: School) -> dict[str, Any]:
    """What the preview of one document shows beside its form: the file as it is, each finding at its line."""
    documents = source.reading["documents"]
    read = documents[position]
    lines, general = _original(source.reading.get("printed", []), findings_of(read["findings"]))
    return {
        "read": read,
        "number": position + 1,
        "parts": [{"number": place, "title": one["title"]} for place, one in enumerate(documents, 1)],
        "total": len(documents),
        "clauses": sum(len(section["clauses"]) for section in read["sections"]),
        "lines": lines,
        "findings": general,
        "other_school_title": f"The file names {read['setting']}"
        if _is_of_another(read["setting"], school)
        else "",
    }


def _original(
    printed: list[str], findings: list[dict[str, str]]
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """The lines of the file, each with the findings about it, and the findings about the whole."""
    waiting: dict[str, list[dict[str, str]]] = defaultdict(list)
    for one in findings:
        waiting[bare(one["where"])].append(one)
    general = waiting.pop("", [])
    lines = []
    for text in printed:
        first = bare(text.split(" ", 1)[0])
        place = first if first in waiting else bare(text)
        lines.append({"text": text, "findings": waiting.pop(place, [])})
    return lines, [*general, *(one for rest in waiting.values() for one in rest)]


def _is_of_another(setting: str, school: School) -> bool:
    """Whether the file names a school that shares no word of its own name with this one: perhaps another's template."""
    named, own = (set(_WORDS.findall(name.casefold())) - _COMMON for name in (setting, school.name))
    return bool(named and own) and named.isdisjoint(own)
