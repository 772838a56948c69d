"""How versions of the demonstration come about: comments on a draft, some answered and some not yet; advice; approval."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from policies import services
from policies.models import Comment, Consulted, PolicyVersion
from schools.enums import Permission, Role
from schools.models import Membership
from schools.permissions import has_permission

if TYPE_CHECKING:
    from policyhub.demo.policies import Paper


HEAD = "h.marrable"
WHO = {
    "staff": ("Staff", "staff"),
    "learners": ("Learners", "learner"),
    "parents": ("Parents and carers", "parent"),
}


def write_making(paper: Paper) -> None:
    """Everything that the data say of how a version came about."""
    scenes = {"consultation": write_consultation, "advice": write_advice, "approval": write_approval}
    for name in sorted(scenes.keys() & paper.row.keys()):
        scenes[name](paper)
    if paper.row.get("consulted"):
        write_consulted(paper)


def write_consulted(paper: Paper) -> None:
    """What people said before the text was written, entered on the day on which it came here, and closed."""
    entries = [partial(_enter_earlier, paper, row) for row in paper.row["consulted"]]
    for number, scene in enumerate([partial(_ask, paper), *entries, partial(_close, paper)]):
        paper.stage.script.add(paper.at("written", f"16:{20 + number}"), scene)


def _ask(paper: Paper) -> None:
    by, today = preparer(paper), timezone.localdate()
    question = "What should be different in this policy?"
    paper.stage.made[_earlier(paper)] = services.open_consultation(
        paper.version, by=by, question=question, until=today
    )


def _enter_earlier(paper: Paper, row: dict[str, Any]) -> None:
    name, stake = WHO[row["who"]]
    said = {"name": name, "stake": stake, "clause": None, "text": row["how"]}
    comment = services.record_word(paper.stage.made[_earlier(paper)], by=preparer(paper), **said)
    assert comment is not None  # noqa: S101 - there are words
    services.answer_comment(
        comment, by=preparer(paper), answer="accepted", reason="The text of this version goes by it."
    )


def _close(paper: Paper) -> None:
    services.close_consultation(paper.stage.made[_earlier(paper)], by=preparer(paper))
    paper.version.refresh_from_db()


def _earlier(paper: Paper) -> str:
    return f"{paper.row['key']}.consulted"


def preparer(paper: Paper) -> Membership:
    """Who owns the policy, or the head where the owner does not prepare policies."""
    owner = paper.stage.actor(paper.row["owner"])
    return owner if has_permission(owner, Permission.POLICY_MANAGE) else paper.stage.actor(HEAD)


def write_consultation(paper: Paper) -> None:
    """Asked, commented on, and answered as far as the data say."""
    row, script = paper.row["consultation"], paper.stage.script
    script.add(paper.since_today(row["days"], "15:30"), partial(_open, paper, row))
    for number, one in enumerate(paper.row["comments"]):
        script.add(paper.since_today(one["days"], f"12:{10 + number}"), partial(_say, paper, one))
        if "answer" in one:
            script.add(paper.since_today(one["answered"], f"16:{10 + number}"), partial(_answer, paper, one))
    script.add(paper.since_today(row["word"]["days"], "14:05"), partial(_enter, paper, row["word"]))


def _open(paper: Paper, row: dict[str, Any]) -> None:
    stage = paper.stage
    paper.stage.made[f"{paper.row['key']}.consultation"] = services.open_consultation(
        paper.version,
        by=stage.actor(paper.row["owner"]),
        question=row["question"],
        until=timezone.localdate() + timedelta(days=row["open_for"]),
        posts=[Role(one) for one in row["posts"]],
        members=[stage.actor(one) for one in row["members"]],
    )


def write_advice(paper: Paper) -> None:
    """What a specialist advised."""
    row = paper.row["advice"]
    paper.stage.script.add(paper.since_today(row["days"], "11:20"), partial(_advise, paper, row))


def _advise(paper: Paper, row: dict[str, Any]) -> None:
    given = services.NewAdvice(
        clause=_clause(paper, row["where"]),
        on=timezone.localdate(),
        **{name: row[name] for name in ("adviser", "organisation", "capacity", "text", "done")},
    )
    services.record_advice(paper.version, given, by=paper.stage.actor(paper.row["owner"]))


def write_approval(paper: Paper) -> None:
    """The next draft, sent to its approvers once it was written, and as far as they have come."""
    row, script = paper.row["approval"], paper.stage.script
    script.add(paper.since_today(row["days"], "16:40"), partial(_ask_for_approval, paper, row))
    for one in row["approved"]:
        script.add(paper.since_today(one["days"], "17:05"), partial(_approve, paper, one))


def _next(paper: Paper) -> PolicyVersion:
    draft: PolicyVersion = paper.version.policy.versions.in_preparation().get()
    return draft


def _ask_for_approval(paper: Paper, row: dict[str, Any]) -> None:
    approvers = [paper.stage.actor(key) for key in row["approvers"]]
    services.ask_for_approval(_next(paper), approvers, by=paper.stage.actor(row["by"]), in_order=True)


def _approve(paper: Paper, one: dict[str, Any]) -> None:
    services.approve_version(_next(paper), by=paper.stage.actor(one["by"]), note=one["note"])


def _clause(paper: Paper, label: str) -> UUID:
    clause: UUID = paper.version.clauses.get(label=label).stable_id
    return clause


def _say(paper: Paper, one: dict[str, Any]) -> None:
    by = paper.stage.actor(one["by"])
    asked = Consulted.objects.get(
        consultation=paper.stage.made[f"{paper.row['key']}.consultation"], member=by
    )
    paper.stage.made[f"{paper.row['key']}.{one['by']}"] = services.say(
        asked, clause=_clause(paper, one["where"]), text=one["text"], by=by
    )


def _answer(paper: Paper, one: dict[str, Any]) -> None:
    comment: Comment = paper.stage.made[f"{paper.row['key']}.{one['by']}"]
    services.answer_comment(
        comment, by=paper.stage.actor(paper.row["owner"]), answer=one["answer"], reason=one["reason"]
    )


def _enter(paper: Paper, one: dict[str, Any]) -> None:
    services.record_word(
        paper.stage.made[f"{paper.row['key']}.consultation"],
        by=paper.stage.actor(paper.row["owner"]),
        name=one["who"],
        stake=one["stake"],
        clause=_clause(paper, one["where"]),
        text=one["text"],
    )
