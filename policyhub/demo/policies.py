"""The policies of the demonstration: imported, ratified, signed, brought into force and acknowledged."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from policies import services
from policies.enums import Place, PolicyKind
from policies.fields import from_typed
from policyhub.demo import data
from policyhub.demo.consulting import HEAD, preparer, write_making
from policyhub.demo.days import before_weekend, moment
from policyhub.demo.paper import AUDIENCES, Paper
from policyhub.demo.readers import write_readers
from policyhub.demo.stage import Stage, form_ref
from schools.enums import Role
from schools.selectors import word

KINDS = {
    "mobile_phones": PolicyKind.MOBILE_DEVICES,
    "staff_conduct": PolicyKind.CONDUCT,
    "searching": PolicyKind.BEHAVIOUR,
}
OWNER_POSTS = (Role.DSL, Role.DEPUTY_DSL, Role.HEADTEACHER, Role.HEAD_OF_SCHOOL, Role.LEADERSHIP)
CHAIR, CLERK = "r.thackery", "f.gathercole"


def write_policies(stage: Stage) -> None:
    """Scenes of every policy."""
    for row in data.read("policies")["policies"]:
        paper = Paper(stage, row)
        thread = stage.script.thread()
        thread.then(paper.at("written", "16:10"), partial(_import, paper))
        write_making(paper)
        if row["state"] != "in_force":
            continue
        thread.then(paper.at("ratified", "19:05"), partial(_ratify, paper))
        thread.then(paper.at("ratified", "19:20"), partial(_sign, paper, HEAD))
        thread.then(paper.at("ratified", "19:25"), partial(_sign, paper, CHAIR))
        if "agreement" in row:
            thread.then(paper.at("ratified", "19:35"), partial(_say_who_reads, paper))
        thread.then(paper.at("ratified", "19:40"), partial(_bring_into_force, paper))
        if row.get("published"):
            thread.then(paper.at("ratified", "19:45"), partial(_publish, paper))
            newsletter = moment(before_weekend(paper.on("ratified") + timedelta(days=6)), "15:30")
            thread.then(newsletter, partial(_announce, paper))
        if "next_draft" in row:
            thread.then(_writing_day(paper), partial(_write_next, paper))
        if "review" in row:
            thread.then(paper.since_today(row["review"]["days"], "09:10"), partial(_open_review, paper))
        write_readers(paper)


def _import(paper: Paper) -> None:
    row, stage = paper.row, paper.stage
    text = data.policy_text(row["file"]).format(
        written=paper.printed("written", ""),
        ratified=paper.printed("ratified", "not yet ratified"),
        next_review=paper.printed("next_review", "to be set"),
    )
    by = preparer(paper)
    school = stage.schools[row["school"]]
    source = services.import_document(
        school, text.encode(), f"{row['title']}.txt", by=by, client_ref=form_ref(row["key"])
    )
    details = services.DraftDetails(
        title=row["title"],
        kind=KINDS.get(row["type"]) or PolicyKind(row["type"]),
        setting=school.name,
        owner_role=next(
            (role for role in OWNER_POSTS if role in stage.actor(row["owner"]).roles), Role.LEADERSHIP
        ),
        audience=[group for name in row["audience"] for group in AUDIENCES[name]],
        written=paper.part("written"),
        next_review=paper.part("next_review"),
    )
    paper.version = services.save_draft(source, 0, details, by=by)


def _ratify(paper: Paper) -> None:
    row, stage = paper.row, paper.stage
    by_head = row["approver"] == "headteacher"
    term = word(stage.schools[row["school"]], "headteacher" if by_head else "governors")
    paper.version = services.ratify_version(
        paper.version,
        by=stage.actor(HEAD if by_head else CLERK),
        body=term[:1].upper() + term[1:],
        on=paper.part("ratified"),
        minute_reference=row["minute"],
        next_review=paper.part("next_review"),
    )


def _sign(paper: Paper, key: str) -> None:
    services.sign_version(paper.version, by=paper.stage.actor(key))


def _bring_into_force(paper: Paper) -> None:
    by_head = paper.row["approver"] == "headteacher"
    by = paper.stage.actor(HEAD if by_head else CLERK)
    paper.version = services.bring_into_force(paper.version, by=by)


def _say_who_reads(paper: Paper) -> None:
    row = paper.row
    services.set_audience(
        paper.version.policy,
        by=paper.stage.actor(HEAD),
        audience=paper.version.policy.audience,
        agreement=row["agreement"],
        monitoring=row.get("monitoring", ""),
    )


def _open_review(paper: Paper) -> None:
    said = paper.row["review"]
    services.open_review(
        paper.version.policy,
        by=paper.stage.actor(paper.row["owner"]),
        kind=said["kind"],
        what=said["what"],
        on=timezone.localdate(),
    )


def _publish(paper: Paper) -> None:
    paper.version = services.publish_version(paper.version, by=paper.stage.actor(HEAD))


def _announce(paper: Paper) -> None:
    services.record_announcement(
        paper.version,
        by=paper.stage.actor(HEAD),
        place=Place.NEWSLETTER,
        on=timezone.localdate(),
        note="In the weekly newsletter, with the link to the public page.",
    )


def _writing_day(paper: Paper) -> datetime:
    today = timezone.localdate(paper.stage.now)
    return moment(before_weekend(today + timedelta(days=paper.row["next_draft"]["days"])), "16:20")


def _write_next(paper: Paper) -> None:
    """A new version of what is in force, with one clause written anew: names become fields."""
    row = paper.row["next_draft"]
    by = paper.stage.actor(row["by"])
    draft = services.start_version(paper.version.policy, by=by)
    clause = draft.clauses.get(label=row["clause"])
    wording = (row["clause"], from_typed(row["text"]))
    services.reword_clause(draft, wording, by=by, clause=clause.stable_id)
