"""The consultation of the demonstration: a draft that people comment on, some comments answered and some not yet."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from policies import services
from policies.models import Comment, Consulted
from schools.enums import Role

if TYPE_CHECKING:
    from policyhub.demo.policies import Paper


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


def _clause(paper: Paper, label: str) -> UUID:
    clause: UUID = paper.version.clauses.get(label=label).stable_id
    return clause


def _say(paper: Paper, one: dict[str, Any]) -> None:
    asked = Consulted.objects.get(
        consultation=paper.stage.made[f"{paper.row['key']}.consultation"],
        member=paper.stage.actor(one["by"]),
    )
    paper.stage.made[f"{paper.row['key']}.{one['by']}"] = services.say(
        asked, clause=_clause(paper, one["where"]), text=one["text"]
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
