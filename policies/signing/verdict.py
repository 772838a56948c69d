"""What can be said of one signature, and of a file by its signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

_MOMENTS = ("signed_at", "time_stamped_at")


@dataclass(frozen=True)
class SignatureVerdict:
    """One signature. All of intact, trusted and unchanged_since must hold before the file is believed."""

    field: str
    signer_name: str
    post: str
    signed_at: datetime | None  # as the signer says, in London time
    intact: bool  # not one byte of what was signed, nor of the signature itself, is different
    trusted: bool  # made with a key that one of the roots vouches for
    unchanged_since: bool  # nothing was added to the file but what the signatures allow
    covers_whole: bool  # this signature reaches to the last byte of the file
    certifies: bool = False
    certificate: str = ""  # whose certificate, as it says itself
    issuer: str = ""
    time_stamped_at: datetime | None = None  # as a trusted time-stamp server says

    @property
    def holds(self) -> bool:
        """Whether this signature alone can be believed."""
        return self.intact and self.trusted and self.unchanged_since

    def as_json(self) -> dict[str, Any]:
        """Plain values, moments as text."""
        plain = asdict(self)
        return {**plain, **{name: plain[name] and plain[name].isoformat() for name in _MOMENTS}}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> SignatureVerdict:
        """The verdict that `as_json` wrote."""
        moments = {name: plain[name] and datetime.fromisoformat(plain[name]) for name in _MOMENTS}
        return cls(**{**plain, **moments})


def all_is_well(verdicts: Sequence[SignatureVerdict]) -> bool:
    """Whether the file is as signed: every signature holds, and the last one reaches to the last byte."""
    return bool(verdicts) and all(one.holds for one in verdicts) and any(one.covers_whole for one in verdicts)
