"""The concerns of the year: reported, read, decided about, worked and closed by those who would have done so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from core import audit
from incidents import services
from incidents.enums import EntryKind, ParentsTold, PersonRole, Place, Route
from incidents.models import Action, ChronologyEntry, Concern
from incidents.permissions import can_work
from incidents.procedures import Act
from incidents.selectors.procedures import refusal, standing
from policyhub.demo import data
from policyhub.demo.days import moment
from policyhub.demo.stage import Stage, form_ref
from schools.models import Learner, Membership

ROUTES = {"dsl": Route.CHILD, "headteacher": Route.ADULT}
READ_AFTER = timedelta(minutes=4)
REPLY_AFTER = timedelta(minutes=6)
THANKS = "Thank you for writing this down so clearly. It is in hand. Tell me at once if you see or hear more."
AGREED = "Agreed by telephone with those who lead, as noted here."
IN_THE_STORY = "What was done is told in the chronology."
FIRST_READER = {"dsl": "m.sholto", "headteacher": "h.marrable"}


@dataclass
class Case:
    """One concern on its way through the year."""

    stage: Stage
    row: dict[str, Any]
    day: date
    entries: list[ChronologyEntry] = field(default_factory=list)
    actions: dict[int, Action] = field(default_factory=dict)

    @property
    def concern(self) -> Concern:
        return self.stage.concerns[self.row["key"]]

    @property
    def lead_key(self) -> str:
        """Who leads it: who closes it in the end, or who decided about it."""
        return str((self.row.get("close") or self.row["triage"])["by"])

    def at(self, step: dict[str, Any]) -> datetime | None:
        """When a step happens; None beyond the agreed terms."""
        day = self.stage.days.after(self.day, step["after"])
        return moment(day, step["time"]) if day else None

    def worker(self, key: str) -> tuple[Membership, str]:
        """Who writes something into the record, and whose words it is when that is another person."""
        author = self.stage.actor(key)
        if can_work(self.concern, author):
            return author, ""
        return self.stage.actor(self.lead_key), f"{author.name}: "


def write_concerns(stage: Stage) -> None:
    """Scenes of every concern whose day the calendar reaches."""
    for row in data.read("incidents")["incidents"]:
        day = stage.days.ago(row["ago"])
        if day is not None:
            _write_case(Case(stage, row, day))


def _write_case(case: Case) -> None:
    row, thread = case.row, case.stage.script.thread()
    thread.then(case.at({"after": row["logged_after"], "time": row["logged_time"]}), partial(_log, case))
    if row["state"] == "unseen" or thread.last is None:
        return
    reader = row.get("triage", {}).get("by") or FIRST_READER[row["route"]]
    thread.then(thread.last + READ_AFTER, partial(_read, case, reader))
    if "triage" not in row:
        return
    thread.then(case.at(row["triage"]), partial(_triage, case))
    decided = thread.last
    if row["route"] == "dsl" and row["reporter"] != row["triage"]["by"]:
        case.stage.script.add(decided + REPLY_AFTER, partial(_reply, case))
    last = _write_story(case, decided)
    if "close" in row:
        closing = case.at(row["close"])
        case.stage.script.thread().then(max(closing, last) if closing else None, partial(_close, case))


def _write_story(case: Case, decided: datetime) -> datetime:
    """Entries, parents and actions in the order of their times; the last of them."""
    last = decided
    for at, act in sorted(
        [*_entries(case), *_parents(case), *_steps(case), *_actions(case)], key=lambda step: step[0]
    ):
        last = max(at, last)
        case.stage.script.add(max(at, decided), act)
    return last + timedelta(minutes=1)


def _entries(case: Case) -> Iterable[tuple[datetime, Any]]:
    for entry in case.row.get("entries", ()):
        at = case.at(entry)
        if at is not None:
            yield at, partial(_add_entry, case, entry, at)


def _parents(case: Case) -> Iterable[tuple[datetime, Any]]:
    """When the parents were told: a step of the procedure."""
    told = case.row.get("parents") or {"told": False}
    at = case.at(told) if told["told"] else None
    if at is not None:
        yield at, partial(_tell_parents, case)


def _steps(case: Case) -> Iterable[tuple[datetime, Any]]:
    """What was recorded of the other steps of its procedure."""
    for step in case.row.get("steps", ()):
        at = case.at(step)
        if at is not None:
            yield at, partial(_record_step, case, step)


def _actions(case: Case) -> Iterable[tuple[datetime, Any]]:
    decided = case.at(case.row["triage"])
    for number, action in enumerate(case.row.get("actions", ())):
        due = case.stage.days.after(case.day, action["due_after"])
        if decided is None or due is None:
            continue
        begun = decided + timedelta(minutes=2)
        yield begun, partial(_add_action, case, number, action, due)
        done = case.stage.days.after(case.day, action["done_after"]) if "done_after" in action else None
        if done is not None:
            at = max(moment(done, "15:05"), begun + timedelta(minutes=25))
            yield at, partial(_complete, case, number, action)


# --- The scenes -----------------------------------------------------------------------------------------------------


def _log(case: Case) -> None:
    row, stage = case.row, case.stage
    report = services.NewConcern(
        narrative=row["narrative"],
        route=ROUTES[row["route"]],
        learners=[stage.learners[key] for key in _named_at_once(row)],
        adults=[stage.members[one["person"]] for one in row["people"] if "person" in one],
        happened_at=moment(case.day, row["time"]),
        place=Place(row["place"]),
        place_note=row["where"],
        service=_unsaid(row.get("service", ""), row["where"]),
        already_done=row["done"],
        told_in_person=row["told_in_person"],
        may_involve_imagery=row["imagery"],
    )
    reporter = stage.actor(row["reporter"])
    concern = services.log_concern(
        stage.schools[row["school"]], report, by=reporter, client_ref=form_ref(row["key"])
    )
    stage.concerns[row["key"]] = concern


def _unsaid(service: str, where: str) -> str:
    """The online service, unless the place names it already."""
    return "" if service and service in where else service


def _named_at_once(row: dict[str, Any]) -> list[str]:
    """Whom the reporter named: those it is about; the others were added with their roles by who decided."""
    learners = [one for one in row["people"] if "learner" in one]
    for role in ("subject", "harmed", "alleged"):
        if found := [one["learner"] for one in learners if one["role"] == role]:
            return found
    return [one["learner"] for one in learners]


def _read(case: Case, reader: str) -> None:
    """Opening the page marks it as seen and leaves an entry of the read, as the page does."""
    services.mark_seen(case.concern)
    with transaction.atomic():
        target = audit.Reference("concern", case.concern.pk)
        audit.record(
            "concern.read", by=case.stage.actor(reader), school_id=case.concern.school_id, target=target
        )


def _triage(case: Case) -> None:
    row, stage = case.row, case.stage
    by = stage.actor(row["triage"]["by"])
    named = _named_at_once(row)
    for one in row["people"]:
        if "learner" in one and one["learner"] not in named:
            person: Learner = stage.learners[one["learner"]]
            services.add_person(case.concern, PersonRole(one["role"]), person, by=by)
    lead = stage.actor(case.lead_key)
    triage = services.Triage(
        category=row["kind"],
        risk=row["risk"],
        decision=row["triage"]["decision"],
        reason=row["triage"]["reason"],
        lead=lead if can_work(case.concern, lead) else by,
    )
    stage.concerns[row["key"]] = services.triage_concern(case.concern, triage, by=by)
    _record_step(case, {"by": row["triage"]["by"], "step": "danger", "answer": "no"})


def _record_step(case: Case, row: dict[str, Any]) -> None:
    """Records a step that the procedure calls for; one that it does not call for is left out."""
    found = standing(case.concern, row["step"])
    if found is None or not found.is_open:
        return
    done = services.StepDone(
        answer=row.get("answer", ""),
        written=row.get("written", {}),
        why=row.get("why", ""),
        despite=_despite(case),
    )
    by, _ = case.worker(row["by"])
    services.record_step(case.concern, row["step"], done, by=by)


def _tell_parents(case: Case) -> None:
    told = case.row["parents"]
    how = f"{case.stage.members[told['by']].name}, {told['how']}"
    written = {"how": how, "response": told["response"]}
    _record_step(case, {"by": told["by"], "step": "parents", "answer": "told", "written": written})


def _despite(case: Case) -> str:
    """Why somebody was told though the record did not show yet that it was agreed."""
    return AGREED if refusal(case.concern, Act.SHARE) else ""


def _reply(case: Case) -> None:
    services.reply_to_reporter(case.concern, THANKS, by=case.stage.actor(case.row["triage"]["by"]))


def _add_entry(case: Case, entry: dict[str, Any], at: datetime) -> None:
    by, prefix = case.worker(entry["by"])
    if entry["kind"] == "correction":
        reason = "Cleared up with the family."
        services.correct_entry(case.entries[-1], entry["text"], reason=reason, by=by)
        return
    kind = EntryKind(entry["kind"])
    new = services.NewEntry(
        text=prefix + entry["text"].strip(),
        kind=kind,
        happened_at=at,
        despite=_despite(case) if kind == EntryKind.CONTACT else "",
    )
    case.entries.append(services.add_entry(case.concern, new, by=by))


def _add_action(case: Case, number: int, action: dict[str, Any], due: date) -> None:
    new = services.NewAction(text=action["text"], owner=case.stage.members[action["owner"]], due_on=due)
    by = case.stage.actor(case.row["triage"]["by"])
    case.actions[number] = services.add_action(case.concern, new, by=by)


def _complete(case: Case, number: int, action: dict[str, Any]) -> None:
    by, _ = case.worker(action["owner"])
    services.complete_action(case.actions[number], by=by)


def _close(case: Case) -> None:
    close = case.row["close"]
    told, note = _parents_at_closing(case)
    closing = services.Closing(
        outcome=close["outcome"],
        reason=close["summary"],
        parents_told=told,
        parents_note=note,
        lessons=close["lessons"],
        steps_left=IN_THE_STORY,
    )
    services.close_concern(case.concern, closing, by=case.stage.actor(close["by"]))


def _parents_at_closing(case: Case) -> tuple[ParentsTold, str]:
    parents = case.row.get("parents")
    if parents is None:
        return ParentsTold.NOT_CONCERNED, ""
    if not parents["told"]:
        return ParentsTold.NOT_TOLD, parents["reason"]
    who = case.stage.members[parents["by"]].name
    return ParentsTold.TOLD, f"{who}, {parents['how']}. {parents['response']}"
