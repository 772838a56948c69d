"""The short check of understanding: a policy's questions, each with the clause that answers it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from policies.fields import keys_in, pieces
from policies.models import Acknowledgement, Clause, Policy, PolicyVersion
from policies.selectors.fields import field_values
from schools.models import Membership

FEWEST, MOST = 2, 6
"""Questions of a policy that has any; fewer say nothing, more are an exam."""


@dataclass(frozen=True)
class Question:
    """One question with its answers, the right one first, and the stable id of the clause that answers it."""

    text: str
    answers: tuple[str, ...]
    clause: str = ""

    def key(self, answer: str) -> str:
        """What stands for an answer in a form; it says nothing about which one is right."""
        return hashlib.sha256(f"{self.text}|{answer}".encode()).hexdigest()[:16]

    @property
    def right(self) -> str:
        """The key of the right answer."""
        return self.key(self.answers[0])

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Keys and answers in an order that is the same for everybody and not that of writing."""
        return sorted((self.key(one), one) for one in self.answers)

    def stored(self) -> dict[str, Any]:
        """As the policy keeps it."""
        return {**asdict(self), "answers": list(self.answers)}


def questions_of(policy: Policy) -> list[Question]:
    """What is asked after reading; nothing where nobody wrote questions."""
    return [Question(one["text"], tuple(one["answers"]), one["clause"]) for one in policy.questions]


def own_acknowledgement(version: PolicyVersion, member: Membership) -> Acknowledgement | None:
    """What this member said of a version, or of another text of the same major version."""
    return Acknowledgement.objects.standing_for(version).filter(member=member).last()


def clauses_by_id(version: PolicyVersion, questions: list[Question]) -> dict[str, Clause]:
    """The clauses of a version that answer these questions, their fields filled."""
    wanted = [one.clause for one in questions if one.clause]
    found = list(version.clauses.filter(stable_id__in=wanted).select_related("section"))
    values = field_values(version.school, keys_in(one.text for one in found))
    for one in found:
        one.text = "".join(piece.words for piece in pieces(one.text, values))
    return {str(one.stable_id): one for one in found}
