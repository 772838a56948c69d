"""Words and rules of a school."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import DomainError
from schools.enums import Permission
from schools.models import Rule, School, Word
from schools.permissions import check_actor
from schools.selectors import RuleQuestion, default_words, fill, rule_questions


def set_word(school: School, key: str, text: str, *, by: Actor) -> Word:
    """The school's own word for a term. Raises DomainError for an unknown term."""
    check_actor(by, Permission.SETTINGS_MANAGE, school.pk)
    if key not in default_words():
        raise DomainError(f"There is no term called {key}.")
    with transaction.atomic():
        held = Word.objects.select_for_update().filter(school=school, key=key)
        before = held.values_list("text", flat=True).first()
        word, _ = Word.objects.update_or_create(school=school, key=key, defaults={"text": text})
        school.own = None
        audit.record("word.set", by=by, school_id=school.pk, target=word, changes={key: [before, text]})
    return word


MOST_DIGITS = 4
"""Of a whole number: more minutes, hours or days than any rule means, and a clock wound by more would not come to an end."""


def _is_whole(line: str) -> bool:
    """Whether a line is a whole number that clocks can count with."""
    return line.strip().isdecimal() and len(line.strip()) <= MOST_DIGITS


def _check_answer(question: RuleQuestion, value: str) -> None:
    """Raises DomainError for an answer that pages and clocks could not work with."""
    whole_numbers = question.kind == "number" or (question.kind == "list" and question.default[:1].isdigit())
    if whole_numbers and not all(map(_is_whole, value.splitlines() or [""])):
        raise DomainError(f"Write whole numbers only, of {MOST_DIGITS} figures at most.")
    if question.kind == "number" and not question.least <= int(value) <= question.most:
        raise DomainError(f"Write a number from {question.least} to {question.most}.")
    if question.key == "end_of_day_time" and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise DomainError("Write the time with hours and minutes, for instance 15:30.")
    if question.key == "privacy_notice_address" and not re.fullmatch(r"https://[^\s<>\"']+", value):
        raise DomainError("Write the whole address of the page, beginning with https://.")
    try:
        fill(value, default_words())
    except (KeyError, ValueError, IndexError):
        raise DomainError("Leave out { and }: they stand for words of the school.") from None


def set_rule(school: School, key: str, value: str, *, by: Actor, source: str = "") -> Rule:
    """The school's answer to a point on which policies differ. Raises DomainError for an answer that is no option."""
    check_actor(by, Permission.SETTINGS_MANAGE, school.pk)
    question = rule_questions().get(key)
    if question is None:
        raise DomainError(f"There is no rule called {key}.")
    if question.options and value not in dict(question.options):
        raise DomainError(f"Choose one of the answers offered for: {question.question}")
    _check_answer(question, value)
    decided = {"value": value, "source": source, "decided_on": timezone.localdate()}
    with transaction.atomic():
        held = Rule.objects.select_for_update().filter(school=school, key=key)
        before = held.values_list("value", flat=True).first()
        rule, _ = Rule.objects.update_or_create(school=school, key=key, defaults=decided)
        school.own = None
        audit.record("rule.set", by=by, school_id=school.pk, target=rule, changes={key: [before, value]})
    return rule
