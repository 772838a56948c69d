"""What is sent to the pages of a concern, and how tests look at their answers."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse

TRIAGE = {"category": "welfare", "risk": "low", "decision": "watch", "reason": "One sign."}
CLOSE = {
    "outcome": "support_in_school",
    "reason": "No more signs.",
    "parents_told": "not_told",
    "parents_note": "Advice of social care.",
    "steps_left": "Nothing else was needed.",
}
ENTRY = {"kind": "note", "happened_at": "2026-01-05T10:00", "text": "Spoke to the class teacher."}
ACTION = {"text": "Ring back.", "due_on": "2030-01-05"}
WRITES = {
    "triage": TRIAGE, "close": CLOSE, "reopen": {"reason": "Again."}, "entry": ENTRY, "reply": {"text": "Thank you."},
    "action": ACTION, "person": {"name": "A neighbour", "role": "witness"}, "assign": {},
}  # fmt: skip


def url(school: Any, act: str, *ids: Any) -> str:
    """The address of a page of concerns."""
    return reverse(f"incidents:{act}", args=[school.slug, *ids])


def plain(answer: Any) -> bytes:
    """A page without the form token, which differs every time."""
    return re.sub(rb'X-CSRFToken": "[^"]*"|csrfmiddlewaretoken" value="[^"]*"', b"", answer.content)
