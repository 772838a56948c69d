"""What the policy check needs of the database: a version as a document, and the state of a school, in few queries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from policies import check
from policies.check import Answer, Finding, HeldPolicy, Post, SchoolState
from policies.fields import Values, fill_known
from policies.models import PolicyVersion, Section
from policies.reading import Clause, Document, Guidance, KeyDetails, Reading, Scope, read_policy
from policies.reading import Section as ReadSection
from policies.reading.rows import plain, row_of
from policies.selectors.catalogue import own_catalogue
from policies.selectors.fields import values_for
from policies.selectors.outlines import parts_to_fill
from policies.selectors.versions import sections_of
from policies.states import BEFORE_RATIFICATION, BINDING, IN_PREPARATION
from schools.enums import Role
from schools.models import RoleAppointment, School
from schools.selectors import RuleQuestion, default_words, fill, own_rules, own_words, rule_questions

SCOPE = ("people", "technologies", "places")
CHECKED = (*BINDING, *IN_PREPARATION)
"""The states in which a version is checked: what is over stays as it was."""


def check_version(
    version: PolicyVersion, sections: list[Section], fields: Values, today: date
) -> tuple[Finding, ...]:
    """What the check finds in a version whose text and fields were loaded, against the school as it stands on a day."""
    found = check.check_document(
        document_of(version, sections, fields),
        today,
        school_state(version.school, today),
        ratified=version.state not in BEFORE_RATIFICATION,
        owner=version.policy.owner_role,
    )
    open_parts = parts_to_fill(version, sections)
    return tuple(sorted((*open_parts, *found), key=lambda one: one.order)) if open_parts else found


def read_and_check(data: bytes, filename: str, today: date) -> dict[str, Any]:
    """What is read in a file, as JSON, with what the check finds in the text alone. Raises UnreadableFile."""
    return _checked(read_policy(data, filename), today)


def read_to_keep(data: bytes, filename: str, today: date) -> dict[str, Any]:
    """The same with the paragraphs of the file under `printed`, to be looked at beside what was read in them."""
    reading = read_policy(data, filename)
    return {**_checked(reading, today), "printed": list(reading.printed)}


def _checked(reading: Reading, today: date) -> dict[str, Any]:
    return check.to_json(reading, lambda document: check.check_document(document, today))


def check_stored(version: PolicyVersion, today: date) -> tuple[Finding, ...]:
    """The same for a version of which nothing was loaded yet."""
    sections = sections_of(version)
    return check_version(version, sections, values_for(version.school, sections), today)


def version_by_id(school: School, pk: UUID) -> PolicyVersion | None:
    """The version of this id, or that of the policy of this id which people follow, otherwise its newest."""
    versions = PolicyVersion.objects.filter(school=school).select_related("policy", "school")
    of_policy = versions.filter(policy_id=pk).newest_first()
    return versions.filter(pk=pk).first() or of_policy.binding().first() or of_policy.first()


def document_of(version: PolicyVersion, sections: list[Section], values: Values | None = None) -> Document:
    """A version as the reader would give it; dates that were set here come before those in the text.

    Fields stand in it as they are stored, or filled in as far as `values` are known.
    """
    read = version.key_details
    people = {name: tuple(read.get(name) or ()) for name in ("dsl", "deputy_dsl", "named_governor")}
    return Document(
        title=version.title,
        setting=version.policy.setting,
        key_details=KeyDetails(
            **people,
            written=version.written or read.get("written"),
            ratified=version.ratified or read.get("ratified"),
            ratifying_body=version.ratifying_body or read.get("ratifying_body"),
            next_review=version.next_review or read.get("next_review"),
        ),
        sections=tuple(_section(one, values or {}) for one in sections),
        linked_policies=tuple(version.linked_policies),
        empty_links=tuple(one["quote"] for one in version.findings if one.get("quote")),
        guidance=tuple(Guidance(one["title"], one.get("edition")) for one in version.guidance),
        scope=Scope(**{name: tuple(version.scope.get(name) or ()) for name in SCOPE}),
        template=version.template or None,
        licence=version.licence or None,
    )


def _clause(label: str, text: str, depth: int) -> Clause:
    """A stored clause as the reader would give it."""
    row = row_of(text)
    return Clause(label, plain(row[0]), depth, *row) if row else Clause(label, text, depth)


def _section(section: Section, values: Values) -> ReadSection:
    clauses = tuple(
        _clause(one.label, fill_known(one.text, values), one.depth) for one in section.clauses.all()
    )
    heading = fill_known(section.heading, values)
    return ReadSection(section.label, heading, section.status, clauses, section.level)


def school_state(school: School, today: date) -> SchoolState:
    """Posts, words, rules and policies of a school on a day, and its part of the catalogue, in six queries at most."""
    words = own_words(school)
    return SchoolState(
        name=school.name,
        kind=school.kind,
        words=words,
        answers=answers(own_rules(school), words),
        posts=_posts(school, today, words),
        held=_held(school),
        own=own_catalogue(school),
    )


def answers(chosen: Mapping[str, str], words: Mapping[str, str]) -> dict[str, Answer]:
    """Every rule with the answer that holds, in the school's words."""
    spoken = {**default_words(), **words}
    return {key: _answer(question, chosen.get(key), spoken) for key, question in rule_questions().items()}


def _answer(question: RuleQuestion, chosen: str | None, words: Mapping[str, str]) -> Answer:
    labels = {value: fill(label, words) for value, label in question.options}
    return Answer(chosen or question.default, labels, chosen is not None, words)


def _posts(school: School, today: date, words: Mapping[str, str]) -> tuple[Post, ...]:
    """Posts that have begun, of people who have said yes; where somebody holds one again, only the current one counts."""
    held = RoleAppointment.objects.filter(school=school, membership__accepted_at__isnull=False)
    rows = held.filter(starts_on__lte=today).order_by("-is_lead", "starts_on")
    named = rows.values_list("role", "membership__name", "ends_on", "membership__ends_on")
    return tuple(
        Post(role, words.get(role) or Role(role).label, name, _ended(post_end, member_end, today))
        for role, name, post_end, member_end in named
    )


def _ended(post: date | None, membership: date | None, today: date) -> date | None:
    """The day on which a post ended before today, by itself or with the membership."""
    return min((day for day in (post, membership) if day and day < today), default=None)


def _held(school: School) -> tuple[HeldPolicy, ...]:
    """Policies with a version in force, with its review date, and those in preparation."""
    rows = PolicyVersion.objects.filter(school=school, state__in=CHECKED).order_by("policy_id", "number")
    named = rows.values_list("policy_id", "policy__title", "next_review_on", "state")
    held: dict[UUID, HeldPolicy] = {}
    for policy_id, title, next_review, state in named:
        binds = state in BINDING
        if policy_id not in held or binds:
            held[policy_id] = HeldPolicy(title, next_review if binds else None, binds)
    return tuple(held.values())
