"""From a file to a draft: read it, keep the original, and save what a person has looked over."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import Conflict, DomainError, SentBefore
from policies.enums import FileType, PolicyKind
from policies.models import Policy, PolicyVersion, SourceFile
from policies.models.policy import everyone
from policies.selectors import read_to_keep
from policies.services.content import check_common, holds_text, store_content
from schools.enums import Permission, Role
from schools.models import School
from schools.permissions import check_actor, member_of

_BESIDE = ("linked_policies", "guidance", "template", "licence")
KEEP_UNSAVED = timedelta(days=7)


@dataclass(frozen=True)
class DraftDetails:
    """What a person says about a document before it is saved; dates are YYYY-MM-DD or YYYY-MM, "" when not known."""

    title: str
    kind: str = PolicyKind.OTHER
    setting: str = ""
    owner_role: str = Role.DSL
    audience: list[str] = field(default_factory=everyone)
    written: str = ""
    next_review: str = ""
    note: str = ""


def check_size(size: int) -> None:
    """Raises DomainError for a file that is empty or too large, before anything is read."""
    if not size:
        raise DomainError("The file is empty. Choose the file that holds the policy.")
    if size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024**2
        raise DomainError(
            f"The file has {size / 1024**2:.0f} MB; {limit} MB is the most. Take out the pictures, or save it as PDF."
        )


def import_document(
    school: School, data: bytes, filename: str, *, by: Actor, client_ref: UUID | None = None
) -> SourceFile:
    """Reads a file and keeps it with what was read; policies come of it by `save_draft`.

    The same `client_ref` gives the first file back. Raises DomainError when the file cannot be read; nothing is stored then.
    """
    check_actor(by, Permission.POLICY_MANAGE, school.pk)
    check_size(len(data))
    digest = hashlib.sha256(data).hexdigest()
    if client_ref and (earlier := SourceFile.objects.filter(school=school, client_ref=client_ref).first()):
        return _same_file(earlier, digest)
    name = _safe_name(filename)
    source = SourceFile(
        school=school,
        uploaded_by=member_of(by),
        client_ref=client_ref or uuid4(),
        name=name,
        kind=_file_type(data),
        size=len(data),
        sha256=digest,
        content=data,
        reading=read_to_keep(data, name, timezone.localdate()),
    )
    try:
        with transaction.atomic():
            _forget_unsaved(school)
            source.save(force_insert=True)
            audit.record("policy_file.uploaded", by=by, school_id=school.pk, target=source, label=name)
    except IntegrityError:
        return _same_file(SourceFile.objects.get(school=school, client_ref=source.client_ref), digest)
    return source


def _same_file(earlier: SourceFile, digest: str) -> SourceFile:
    if earlier.sha256 != digest:
        raise Conflict(
            f"This form was sent before, with the file {earlier.name}. Open the upload page again to send another file."
        )
    return earlier


def _safe_name(filename: str) -> str:
    plain = "".join(char for char in PurePath(filename.replace("\\", "/")).name if char.isprintable())
    return plain[-200:] or "policy"


def _file_type(data: bytes) -> FileType:
    if data[:1024].lstrip().startswith(b"%PDF"):
        return FileType.PDF
    return FileType.DOCX if data.startswith(b"PK") else FileType.TXT


def _forget_unsaved(school: School) -> None:
    """Files that were looked at and never saved go after a week."""
    school.sourcefiles.filter(versions=None, created_at__lt=timezone.now() - KEEP_UNSAVED).delete()


def save_draft(
    source: SourceFile,
    position: int,
    details: DraftDetails,
    *,
    by: Actor,
    policy: Policy | None = None,
    corrected: dict[str, Any] | None = None,
) -> PolicyVersion:
    """Saves one document of a file as a draft: of a new policy, or as the next version of `policy`.

    `corrected` is the document as somebody put it right, in the shape in which it was read; the audit counts what was
    changed. The same document saved twice gives the first draft back; raises SentBefore where it says something else.
    """
    check_actor(by, Permission.POLICY_MANAGE, source.school_id)
    if policy is not None and policy.school_id != source.school_id:
        raise DomainError("That policy belongs to another school.")
    read = _document(source, position)
    try:
        with transaction.atomic():
            SourceFile.objects.select_for_update().only("pk").get(pk=source.pk)
            saved = source.versions.filter(source_position=position).first()
            if saved is None:
                return _create_version(
                    source, position, details, {**read, **(corrected or {})}, by=by, policy=policy
                )
            if corrected and not _holds(saved, details, {**read, **corrected}):
                raise SentBefore(saved)
            return saved
    except IntegrityError as error:
        raise Conflict(
            "Somebody saved a version of this policy at the same moment. Send the form again."
        ) from error


def _holds(saved: PolicyVersion, details: DraftDetails, read: dict[str, Any]) -> bool:
    """Whether a draft says what somebody made of the same document."""
    said = {name: getattr(details, name) for name in ("title", "note", "written", "next_review")}
    kept = {**said, **_as_read(read), "findings": saved.findings}
    return all(getattr(saved, name) == value for name, value in kept.items()) and holds_text(
        saved, read["sections"]
    )


def _document(source: SourceFile, position: int) -> dict[str, Any]:
    documents: list[dict[str, Any]] = source.reading["documents"]
    if not 0 <= position < len(documents):
        raise DomainError("There is no such policy in this file.")
    return documents[position]


def _create_version(
    source: SourceFile,
    position: int,
    details: DraftDetails,
    read: dict[str, Any],
    *,
    by: Actor,
    policy: Policy | None,
) -> PolicyVersion:
    policy = _lock_policy(policy) if policy else _create_policy(source, details)
    previous = policy.versions.newest_first().first()
    version = PolicyVersion(
        school_id=source.school_id,
        policy=policy,
        source=source,
        source_position=position,
        number=previous.number + 1 if previous else 1,
        title=details.title,
        note=details.note,
        follows=previous.follows if previous else None,
        **_as_read(read),
    )
    check_common(version, read["sections"])
    version.set_date("written", details.written)
    version.set_date("next_review", details.next_review)
    version.full_clean(exclude=["policy", "source"])
    version.save(force_insert=True)
    store_content(version, read["sections"], previous=previous)
    audit.record(
        "policy_version.drafted",
        by=by,
        school_id=source.school_id,
        target=version,
        label=version.title,
        changes=corrections(_document(source, position), read),
    )
    return version


def corrections(read: dict[str, Any], saved: dict[str, Any]) -> dict[str, list[int]]:
    """How much was read and how much of it somebody changed, as numbers: the audit keeps no words of it."""
    details = {**read["key_details"], **{name: read.get(name) for name in _BESIDE}}
    now = {**saved["key_details"], **{name: saved.get(name) for name in _BESIDE}}
    before, after = Counter(_rows(read)), Counter(_rows(saved))
    return {
        "details_corrected": [0, sum((details[name] or None) != (now.get(name) or None) for name in details)],
        "rows": [before.total(), after.total()],
        "rows_corrected": [0, max((before - after).total(), (after - before).total())],
    }


def _rows(document: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for section in document["sections"]:
        yield section["label"], section["heading"], section["status"]
        yield from ((clause["label"], clause["text"], clause["depth"]) for clause in section["clauses"])


def _as_read(read: dict[str, Any]) -> dict[str, Any]:
    return {
        "key_details": read["key_details"],
        "linked_policies": read["linked_policies"],
        "guidance": read["guidance"],
        "findings": read["findings"],
        "scope": read.get("scope") or {},
        "template": (read.get("template") or "")[:300],
        "licence": (read.get("licence") or "")[:500],
    }


def _lock_policy(policy: Policy) -> Policy:
    return Policy.objects.select_for_update().get(pk=policy.pk)


def _create_policy(source: SourceFile, details: DraftDetails) -> Policy:
    policy = Policy(
        school_id=source.school_id,
        title=details.title,
        kind=details.kind,
        owner_role=details.owner_role,
        setting=details.setting,
        audience=details.audience,
    )
    policy.full_clean()
    policy.save(force_insert=True)
    return policy
