"""The short check of understanding, as pages say it."""

from __future__ import annotations

from typing import Any

from policies.models import Clause, Policy
from policies.reading.rows import in_words
from policies.selectors.questions import questions_of


def questions_initial(policy: Policy) -> dict[str, Any]:
    """What the form of the questions starts with."""
    initial: dict[str, Any] = {"revision": policy.revision}
    for number, one in enumerate(questions_of(policy), start=1):
        initial |= {
            f"text_{number}": one.text,
            f"answers_{number}": "\n".join(one.answers),
            f"clause_{number}": one.clause,
        }
    return initial


def not_quite(clause: Clause | None) -> str:
    """What is said at a wrong answer: the clause that gives the right one."""
    if clause is None:
        return "Not quite. Look at the policy again, then choose another answer."
    return (
        f"Not quite. {clause.label or clause.section.heading or 'The policy'} says: “{in_words(clause.text)}”"
    )
