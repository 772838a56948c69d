"""The policies of the demonstration: imported, ratified, signed, brought into force and acknowledged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from policies import services
from policies.enums import Audience, Place, PolicyKind
from policies.fields import from_typed
from policies.models import PolicyVersion
from policies.selectors.acknowledging import NEW_FOR
from policyhub.demo import data
from policyhub.demo.days import before_weekend, moment
from policyhub.demo.stage import Stage, form_ref
from schools.enums import Group, Permission, Role
from schools.permissions import has_permission
from schools.selectors import learners_of, word

KINDS = {
    "mobile_phones": PolicyKind.MOBILE_DEVICES,
    "staff_conduct": PolicyKind.CONDUCT,
    "searching": PolicyKind.BEHAVIOUR,
}
AUDIENCES: dict[str, list[str]] = {
    "staff": [Group.STAFF, Group.VOLUNTEER, Group.CONTRACTOR],
    "governor": [Group.GOVERNOR],
    "learner": [Audience.LEARNER],
    "parent": [Audience.PARENT],
    "visitor": [Audience.VISITOR],
    "account_manager": [Role.ACCOUNT_MANAGER],
}
OWNER_POSTS = (Role.DSL, Role.DEPUTY_DSL, Role.HEADTEACHER, Role.HEAD_OF_SCHOOL, Role.LEADERSHIP)
HEAD, CHAIR, CLERK = "h.marrable", "r.thackery", "f.gathercole"
MENTOR = "m.sholto"
READING_DAYS = 24
"""Within so many days of its coming into force those who acknowledge a policy do so."""


@dataclass
class Paper:
    """One policy on its way to those it binds."""

    stage: Stage
    row: dict[str, Any]

    @property
    def version(self) -> PolicyVersion:
        version: PolicyVersion = self.stage.made[self.row["key"]]
        return version

    @version.setter
    def version(self, version: PolicyVersion) -> None:
        self.stage.made[self.row["key"]] = version

    def day(self, name: str) -> date | None:
        """A day that the data count from today; what was written or ratified was so on a weekday."""
        if name not in self.row:
            return None
        day = timezone.localdate(self.stage.now) + timedelta(days=self.row[name])
        return day if name == "next_review" else before_weekend(day)

    def part(self, name: str) -> str:
        """That day as the record keeps it: to the month only where the text says no more."""
        day, form = self.day(name), "%Y-%m" if self.row["date_style"] == "month" else "%Y-%m-%d"
        return f"{day:{form}}" if day else ""

    def printed(self, name: str, otherwise: str) -> str:
        """That day as it stands in the text."""
        day = self.day(name)
        if day is None:
            return otherwise
        return f"{day:%B %Y}" if self.row["date_style"] == "month" else f"{day:%-d %B %Y}"

    def on(self, name: str) -> date:
        """That day, where the data have it."""
        day = self.day(name)
        assert day is not None  # noqa: S101 - scenes ask for days that the data have
        return day

    def since_today(self, days: int, clock: str) -> datetime:
        """A working day counted from today, at a time of day."""
        return moment(before_weekend(timezone.localdate(self.stage.now) + timedelta(days=days)), clock)

    def at(self, name: str, clock: str) -> datetime:
        """That day at a time of day."""
        return moment(self.on(name), clock)


def write_policies(stage: Stage) -> None:
    """Scenes of every policy."""
    for row in data.read("policies")["policies"]:
        paper = Paper(stage, row)
        thread = stage.script.thread()
        thread.then(paper.at("written", "16:10"), partial(_import, paper))
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
        _write_acknowledgements(paper)
        _write_inductions(paper)
        _write_classes(paper)


def _import(paper: Paper) -> None:
    row, stage = paper.row, paper.stage
    text = data.policy_text(row["file"]).format(
        written=paper.printed("written", ""),
        ratified=paper.printed("ratified", "not yet ratified"),
        next_review=paper.printed("next_review", "to be set"),
    )
    owner = stage.actor(row["owner"])
    by = owner if has_permission(owner, Permission.POLICY_MANAGE) else stage.actor(HEAD)
    school = stage.schools[row["school"]]
    source = services.import_document(
        school, text.encode(), f"{row['title']}.txt", by=by, client_ref=form_ref(row["key"])
    )
    details = services.DraftDetails(
        title=row["title"],
        kind=KINDS.get(row["type"]) or PolicyKind(row["type"]),
        setting=school.name,
        owner_role=next((role for role in OWNER_POSTS if role in owner.roles), Role.LEADERSHIP),
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


# --- Acknowledgements -----------------------------------------------------------------------------------------------


def _write_acknowledgements(paper: Paper) -> None:
    """Those who have read it, in the order of the list of people, over the weeks since it binds or since they came."""
    asked = _audience(paper.row)
    ready = [row for row in asked if row["key"] not in paper.row["not_yet"]]
    count = min(round(len(asked) * paper.row["acknowledged"]), len(ready))
    since = min(READING_DAYS, -paper.row["ratified"] - 1)
    for place, row in enumerate(ready[:count]):
        settled = data.moved_years(row["joined"], paper.stage.years) + timedelta(days=4)
        read = paper.on("ratified") + timedelta(days=1 + place * since // count)
        day = before_weekend(max(read, settled))
        clock = f"{7 + place % 10:02}:{place * 7 % 60:02}"
        at = max(moment(day, clock), paper.at("ratified", "20:00"))
        paper.stage.script.add(at, partial(_acknowledge, paper, row["key"]))


def _audience(policy: dict[str, Any]) -> list[dict[str, Any]]:
    groups = [group for name in policy["audience"] for group in AUDIENCES[name]]
    people = data.read("school")["people"]
    return [
        row
        for row in people
        if row["school"] == policy["school"] and row["group"] in groups and "left" not in row
    ]


def _acknowledge(paper: Paper, key: str) -> None:
    services.acknowledge_version(paper.version, by=paper.stage.actor(key))


# --- Inductions -----------------------------------------------------------------------------------------------------


def _write_inductions(paper: Paper) -> None:
    """What was gone through with those who came within the year, some days after they came or the policy did."""
    if not paper.row["discussed"]:
        return
    for row in _audience(paper.row):
        came = data.moved_years(row["joined"], paper.stage.years)
        if timezone.localdate(paper.stage.now) - came < NEW_FOR and row["key"] not in paper.row["not_yet"]:
            day = before_weekend(max(came + timedelta(days=8), paper.on("ratified") + timedelta(days=8)))
            paper.stage.script.add(moment(day, "15:50"), partial(_induct, paper, row["key"]))


def _induct(paper: Paper, key: str) -> None:
    mentor = paper.stage.actor(MENTOR)
    services.record_induction(
        paper.stage.actor(key),
        [paper.version.policy],
        by=mentor,
        discussed_by=mentor,
        on=timezone.localdate(),
    )


# --- Classes --------------------------------------------------------------------------------------------------------

LATE_CLASSES = 2
"""Classes whose teachers have not come to it yet."""


def _write_classes(paper: Paper) -> None:
    """Each class agrees together in the weeks after; a child who was away that day has not."""
    if Audience.LEARNER not in paper.row["audience"]:
        return
    rows = [row for row in data.read("school")["classes"] if row["school"] == paper.row["school"]]
    for place, row in enumerate(rows[LATE_CLASSES:]):
        day = before_weekend(paper.on("ratified") + timedelta(days=6 + place))
        paper.stage.script.add(moment(day, f"13:{10 + place}"), partial(_collect, paper, row))


def _collect(paper: Paper, row: dict[str, Any]) -> None:
    learners = learners_of(paper.stage.schools[row["school"]], [row["name"]])
    if learners[1:]:
        services.collect_from_class(
            paper.version, row["name"], learners[1:], by=paper.stage.actor(row["teacher"])
        )
