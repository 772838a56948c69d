"""Who of the demonstration has read which policy: members, newcomers at their induction, classes, parents."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from policies import services
from policies.enums import Audience
from policies.models import Acknowledgement
from policies.selectors.acknowledging import NEW_FOR
from policies.selectors.parents import links_of, token_of
from policies.selectors.questions import Question, questions_of
from policyhub.demo import data
from policyhub.demo.days import before_weekend, moment
from policyhub.demo.paper import AUDIENCES, Paper
from schools.selectors import learners_of

HEAD = "h.marrable"
MENTOR = "m.sholto"
READING_DAYS = 24
"""Within so many days of its coming into force those who acknowledge a policy do so."""


QUESTIONS = {
    "mobile-technology": (
        (
            "Where is a phone that a pupil brings?",
            ("In the safe in the main office", "In the pupil's bag", "In the tray of the class"),
            "4.3",
        ),
        (
            "Who agrees an exception before it is used?",
            ("The Head of School", "The class teacher", "The office"),
            "5.2",
        ),
    )
}
"""Asked after reading, by key of the policy: the right answer first, and the clause that gives it."""


def write_readers(paper: Paper) -> None:
    """Scenes of those who read a policy that is in force."""
    if paper.row["key"] in QUESTIONS:
        paper.stage.script.add(paper.at("ratified", "19:50"), partial(_ask_questions, paper))
    _write_acknowledgements(paper)
    _write_inductions(paper)
    _write_classes(paper)
    _write_parents(paper)


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
    """Every other one answers the questions at once, some at the second try."""
    member = paper.stage.actor(key)
    services.acknowledge_version(paper.version, by=member)
    right = [one.right for one in questions_of(paper.version.policy)]
    if right and len(key) % 2:
        for said in [right[:1], right] if len(key) % 3 else [right]:
            services.answer_questions(paper.version, said, by=member)


def _ask_questions(paper: Paper) -> None:
    clauses = dict(paper.version.clauses.values_list("label", "stable_id"))
    paper.version.policy = services.set_questions(
        paper.version.policy,
        [
            Question(text, answers, str(clauses[label]))
            for text, answers, label in QUESTIONS[paper.row["key"]]
        ],
        by=paper.stage.actor(HEAD),
    )


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
        if place == 0:
            paper.stage.script.add(moment(day, "15:20"), partial(_mistake, paper, row))


def _collect(paper: Paper, row: dict[str, Any]) -> None:
    learners = learners_of(paper.stage.schools[row["school"]], [row["name"]])
    if learners[1:]:
        teacher = paper.stage.actor(row["teacher"])
        services.collect_from_class(paper.version, row["name"], learners[1:], by=teacher)


def _mistake(paper: Paper, row: dict[str, Any]) -> None:
    """A child was ticked who was away."""
    learner = learners_of(paper.stage.schools[row["school"]], [row["name"]])[-1]
    given = Acknowledgement.objects.standing_for(paper.version).filter(learner=learner).first()
    if given:
        services.mark_mistaken(
            given, by=paper.stage.actor(row["teacher"]), reason="Was away that day; ticked on the wrong line."
        )


# --- Parents --------------------------------------------------------------------------------------------------------

EVENINGS, FAMILIES = 5, 14
"""On so many evenings so many families open their link; the others have not yet."""


def _write_parents(paper: Paper) -> None:
    if Audience.PARENT not in paper.row["audience"]:
        return
    for evening in range(EVENINGS):
        day = paper.on("ratified") + timedelta(days=1 + evening)
        paper.stage.script.add(moment(day, "20:40"), partial(_agree_at_home, paper, evening))
    paper.stage.script.add(paper.since_today(-9, "07:40"), partial(_remind_parents, paper))


def _remind_parents(paper: Paper) -> None:
    services.remind_parents(paper.stage.schools[paper.row["school"]], timezone.localdate())


def _agree_at_home(paper: Paper, evening: int) -> None:
    links = links_of(paper.stage.schools[paper.row["school"]])
    for key in sorted(links)[evening * FAMILIES :][:FAMILIES]:
        name = key.partition("@")[0].replace(".", " ").title()
        services.agree_by_link(token_of(links[key]), paper.version.pk, name=name)
