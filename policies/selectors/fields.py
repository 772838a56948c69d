"""What the fields of policies are filled with today, in a school."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from policies.fields import POSTS, RULE, SCHOOL, WORD, Value, Values, keys_in, pieces
from policies.models import Clause, Section
from schools.models import RoleAppointment, School
from schools.selectors import fill, post_names, rule_questions, vocabulary, word_meanings
from schools.selectors import rules as answers


def all_fields() -> list[str]:
    """Every field that there is."""
    return [
        *POSTS,
        SCHOOL,
        *(f"{WORD}{key}" for key in word_meanings()),
        *(f"{RULE}{key}" for key in rule_questions()),
    ]


def field_values(school: School, keys: Iterable[str]) -> dict[str, Value]:
    """What these fields say today, each with where it comes from; keys that are no fields are left out."""
    wanted = set(keys)
    if not wanted:
        return {}
    words = vocabulary(school)
    values = {SCHOOL: Value(school.name, "The name of the school")}
    values |= _posts(school, wanted.intersection(POSTS))
    for key in wanted:
        name = key.removeprefix(WORD)
        if key.startswith(WORD) and name in words:
            values[key] = Value(words[name], f"The school's word for {word_meanings()[name]}")
    values |= _rules(
        school, [key.removeprefix(RULE) for key in sorted(wanted) if key.startswith(RULE)], words
    )
    return {key: value for key, value in values.items() if key in wanted}


def _posts(school: School, wanted: set[str]) -> dict[str, Value]:
    """The names of those who hold each post today, the accountable lead first."""
    if not wanted:
        return {}
    today = timezone.localdate()
    held = RoleAppointment.objects.on(today).filter(
        Q(membership__ends_on=None) | Q(membership__ends_on__gte=today),
        school=school, role__in=wanted, membership__accepted_at__isnull=False,
    )  # fmt: skip
    names: dict[str, list[str]] = {role: [] for role in wanted}
    for role, name in held.order_by("-is_lead", "membership__name").values_list("role", "membership__name"):
        names[role].append(name)
    posts = post_names(school)
    return {role: Value(_listed(names[role]), posts[role]) for role in wanted}


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _rules(school: School, wanted: list[str], words: Mapping[str, str]) -> dict[str, Value]:
    questions = rule_questions()
    known = [key for key in wanted if key in questions]
    found = {}
    for key, answer in zip(known, answers(school, *known) if known else [], strict=True):
        asked = questions[key]
        found[f"{RULE}{key}"] = Value(_in_words(asked, answer, words), fill(asked.question, words))
    return found


def _in_words(asked: Any, answer: str, words: Mapping[str, str]) -> str:
    if asked.options:
        label = next((label for value, label in asked.options if value == answer), answer)
        return fill(label, words)
    if asked.kind == "number":
        return f"{answer} {_unit(asked.unit, answer)}".strip()
    return ", ".join(line.strip() for line in answer.splitlines() if line.strip())


def _unit(unit: str, answer: str) -> str:
    plain = unit.replace("_", " ")
    return plain.removesuffix("s") if answer == "1" else plain


def values_for(school: School, sections: Sequence[Section]) -> dict[str, Value]:
    """What the fields in a text say today; without a query where there are none."""
    return field_values(school, keys_of(sections))


def keys_of(sections: Sequence[Section]) -> set[str]:
    """The fields in a text."""
    return keys_in(_texts(sections))


def _texts(sections: Sequence[Section]) -> Iterable[str]:
    for section in sections:
        yield section.heading
        for clause in section.clauses.all():
            yield clause.text


def show_fields(sections: Sequence[Section], values: Values) -> None:
    """Gives every heading and clause that has fields its `pieces`, for a page to show."""
    rows: Iterable[Section | Clause]
    for section in sections:
        rows = [section, *section.clauses.all()]
        for row in rows:
            text = row.heading if isinstance(row, Section) else row.text
            if "⟦" in text:
                row.pieces = list(pieces(text, values))  # type: ignore[union-attr]


def fill_sections(school: School, sections: Sequence[Section]) -> None:
    """Fills the fields of a text that is rendered once, such as for the PDF: the rows in memory, not what is stored."""
    values = values_for(school, sections)
    show_fields(sections, values)
    for section in sections:
        for row in (section, *section.clauses.all()):
            found = getattr(row, "pieces", None)
            if found:
                setattr(row, "heading" if row is section else "text", "".join(piece.words for piece in found))
