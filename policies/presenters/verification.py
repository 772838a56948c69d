"""How it is said whether a PDF is as it was signed, and whether its version still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.templatetags.ui import day
from policies.enums import Outcome, VersionState
from policies.models import Signature
from policies.selectors import SignedVersion, Verification
from policies.states import BINDING

if TYPE_CHECKING:
    from policies.signing import SignatureVerdict

KINDS = {
    Outcome.UNCHANGED: "done",
    Outcome.UNSIGNED: "note",
    Outcome.UNKNOWN: "due",
    Outcome.NO_RECORD: "due",
}


def standing(version: SignedVersion) -> str:
    """Whether a version holds, as a sentence."""
    since = f" since {day(version.in_force_from)}" if version.in_force_from else ""
    ended = f" on {day(version.ended_on)}" if version.ended_on else ""
    instead = f" Version {version.superseded_by} is in force." if version.superseded_by else ""
    return {
        VersionState.IN_FORCE: f"It is in force{since}.",
        VersionState.UNDER_REVIEW: f"It is in force{since}, and under review.",
        VersionState.SUPERSEDED: f"It was superseded{ended} and is not in force.{instead}",
        VersionState.WITHDRAWN: f"It was withdrawn{ended} and is not in force.{instead}",
    }.get(VersionState(version.state), f"It is not in force yet.{instead}")


def signature_word(verdict: SignatureVerdict) -> tuple[str, str]:
    """Kind and word of the status of one signature."""
    if not verdict.intact:
        return "stop", "Does not fit the file"
    if not verdict.trusted:
        return "due", "Key not known here"
    if not verdict.unchanged_since:
        return "stop", "Something was added later"
    return "done", "Holds"


def verification_page(found: Verification) -> dict[str, Any]:
    """What the check page says of a file."""
    rows = []
    for one in found.signatures:
        kind, word = signature_word(one)
        rows.append(
            {
                "name": one.signer_name,
                "post": one.post,
                "at": one.signed_at,
                "kind": kind,
                "word": word,
                "certificate": one.certificate,
                "issuer": one.issuer,
                "stamped": one.time_stamped_at,
            }
        )
    return {
        "kind": KINDS.get(found.outcome, "stop"),
        "sentence": found.outcome.label,
        "signatures": rows,
        **version_page(found.version),
    }


def signed_version_page(
    version: SignedVersion, signatures: list[Signature], posts: dict[str, str]
) -> dict[str, Any]:
    """What the page says that the code on a PDF leads to."""
    rows = [{"name": one.name, "post": posts[one.post], "at": one.at} for one in signatures]
    return {"signatures": rows, **version_page(version)}


def version_page(version: SignedVersion | None) -> dict[str, Any]:
    """The version, and whether it holds; nothing where the file is none that is on record."""
    if version is None:
        return {}
    return {
        "version": version,
        "standing": standing(version),
        "in_force": version.state in BINDING,
    }


def verification_json(found: Verification) -> dict[str, Any]:
    """The answer of the command as plain values."""
    version = found.version
    return {
        "whole": found.outcome == Outcome.UNCHANGED,
        "outcome": found.outcome.value,
        "sentence": found.outcome.label,
        "signatures": [{**one.as_json(), "holds": one.holds} for one in found.signatures],
        "school": version.school if version else "",
        "title": version.title if version else "",
        "version": version.label if version else "",
        "state": VersionState(version.state).label if version else "",
        "in_force": version.state in BINDING if version else None,
        "superseded_by": version.superseded_by if version else "",
        "standing": standing(version) if version else "",
    }
