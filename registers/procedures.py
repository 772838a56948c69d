"""What each register asks for, and how often."""

from __future__ import annotations

from dataclasses import dataclass

from registers.enums import Register
from schools.enums import Role


@dataclass(frozen=True)
class Asks:
    """One register: what it is for, which parts of the shared shape it uses, and when the next entry is due.

    `every` is "term", or the key of a rule that counts school days; `done_by` are the posts reminded of it. Texts may hold words of the vocabulary in braces.
    """

    register: Register
    slug: str
    purpose: str
    lead: str
    second: str
    checks: bool
    every: str
    done_by: tuple[Role, ...]

    @property
    def title(self) -> str:
        """Its name."""
        return self.register.label


REGISTERS: dict[Register, Asks] = {
    one.register: one
    for one in (
        Asks(
            Register.GOVERNOR_MEETING,
            "governor-meetings",
            "The {dsl} and the {named_governor} meet every term: what was gone through, and what follows.",
            "Who met for the safeguarding team?",
            "Which governor?",
            checks=False,
            every="term",
            done_by=(Role.DSL, Role.DEPUTY_DSL),
        ),
        Asks(
            Register.FILTERING_CHECK,
            "filtering-checks",
            "Somebody tries whether filtering and monitoring work and are still right for this {school}.",
            "Who checked?",
            "",
            checks=True,
            every="filtering_check_days",
            done_by=(Role.DSL, Role.DEPUTY_DSL, Role.LEADERSHIP),
        ),
    )
}
BY_SLUG = {one.slug: one for one in REGISTERS.values()}
