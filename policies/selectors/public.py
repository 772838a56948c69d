"""What anybody may read: versions in force that their school has put on its public page, and nothing else of the school.

On PostgreSQL these reads run under a role that sees published rows only (core.scope.acting_as_public).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from core import scope
from policies.models import Clause, PolicyVersion, Section, SignedDocument
from policies.selectors.fields import keys_of, show_fields, values_for
from schools.models import School

VERSION = (
    "number",
    "amendment",
    "minor",
    "title",
    "state",
    "written",
    "ratified",
    "next_review",
    "ratifying_body",
    "in_force_from",
    "published_at",
    "licence",
    "policy_id",
)
SECTION = ("version_id", "position", "level", "label", "heading", "status")
CLAUSE = ("section_id", "stable_id", "position", "depth", "label", "text")


@dataclass(frozen=True)
class Published:
    """A school's public page: its name, and the versions on it by title, each with the id of its PDF where it is signed."""

    school: School
    versions: list[PolicyVersion]
    documents: dict[UUID, UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class PublishedText:
    """One published version with its text."""

    school: School
    version: PolicyVersion
    sections: list[Section]
    document: UUID | None


def published(slug: str) -> Published | None:
    """The public page of a school; None where there is no such school, and where it publishes nothing."""
    school = _school(slug)
    if school is None:
        return None
    with _as_public():
        versions = list(_versions(school).order_by("title"))
        documents = dict(_signed(versions).values_list("version_id", "pk"))
    return Published(school, versions, documents) if versions else None


def published_text(slug: str, policy_id: UUID) -> PublishedText | None:
    """The published version of one policy; None where there is none."""
    school = _school(slug)
    if school is None:
        return None
    with _as_public():
        version = _versions(school).filter(policy_id=policy_id).first()
        if version is None:
            return None
        clauses = Prefetch("clauses", Clause.objects.only(*CLAUSE).order_by("position"))
        sections = list(
            Section.objects.only(*SECTION)
            .filter(version_id=version.pk)
            .order_by("position")
            .prefetch_related(clauses)
        )
        document = _signed([version]).values_list("pk", flat=True).first()
    _fill(school, sections)
    return PublishedText(school, version, sections, document)


def published_pdf(slug: str, policy_id: UUID) -> tuple[PolicyVersion, bytes] | None:
    """The published version of one policy and its signed PDF; None where there is none."""
    school = _school(slug)
    if school is None:
        return None
    with _as_public():
        version = _versions(school).filter(policy_id=policy_id).first()
        pdf = _signed([version] if version else []).values_list("pdf", flat=True).first()
    return (version, bytes(pdf)) if version and pdf else None


def _fill(school: School, sections: list[Section]) -> None:
    """Fields say on the public page what they say inside: names of posts, words and rules, and nothing else, are read for it."""
    if keys_of(sections):
        with scope.acting(schools=[school.pk]), scope.reading():
            show_fields(sections, values_for(school, sections))


def _school(slug: str) -> School | None:
    return School.objects.only("name", "slug").filter(slug=slug).first()


def _versions(school: School) -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.published().filter(school_id=school.pk).only(*VERSION)


def _signed(versions: list[PolicyVersion]) -> QuerySet[SignedDocument]:
    return SignedDocument.objects.filter(version__in=[one.pk for one in versions], signed__gt=0)


@contextmanager
def _as_public() -> Iterator[None]:
    with scope.acting_as_public(), scope.reading():
        yield
