"""The ground of the demonstration: trust, schools, calendar, words, rules, agencies, people, learners."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

from django.contrib.auth.hashers import make_password

from core.audit import Job
from policyhub.demo import data
from policyhub.demo.days import Span, moment
from policyhub.demo.signins import PASSWORD, give_second_factor
from policyhub.demo.stage import PRODUCER, Stage
from schools import services
from schools.enums import Group, Relationship, Role, SchoolKind
from schools.models import School, Trust, TrustAppointment, User
from schools.selectors import agency_kinds

KINDS = {"primary": SchoolKind.ACADEMY, "nursery": SchoolKind.NURSERY}
ROLES = {"further_head": Role.HEAD_OF_SCHOOL}
RELATIONSHIPS = {
    "mother": Relationship.MOTHER,
    "father": Relationship.FATHER,
    "grandmother": Relationship.GRANDPARENT,
    "grandfather": Relationship.GRANDPARENT,
    "foster carer": Relationship.CARER,
}
WORKS_HERE = (Group.STAFF, Group.VOLUNTEER, Group.CONTRACTOR)
INVENTED_NUMBER = "01632 9602{:02}"
"""From the range kept for drama; local agencies of an invented place have no other."""


def spans(name: str, years: int) -> list[Span]:
    """First and last days of terms or closures, in the school year of today."""
    return [
        (data.moved(row["starts"], years), data.moved(row["ends"], years))
        for row in data.read("school")[name]
    ]


def opening(years: int) -> datetime:
    """When the demonstration begins: the weekday before its first term."""
    return moment(spans("terms", years)[0][0] - timedelta(days=38), "08:00")


def make_schools(stage: Stage) -> None:
    """Makes trust and schools with their keys and chains. Outside any school's scope; call under the moved clock."""
    school = data.read("school")
    trust = Trust.objects.create(name=school["trust"]["name"], slug=school["trust"]["slug"])
    for row in school["schools"]:
        stage.schools[row["slug"]] = services.create_school(
            row["name"],
            row["slug"],
            by=PRODUCER,
            kind=KINDS[row["kind"]],
            trust=trust,
            address=row["address"],
            phone=row["phone"],
            is_demonstration=True,
        )


def write_ground(stage: Stage) -> None:
    """Scenes of the set-up, and of people and learners from the day they joined."""
    start = opening(stage.years)
    for row in data.read("school")["schools"]:
        school = stage.schools[row["slug"]]
        stage.script.add(start, partial(_set_up, school, row))
        stage.script.add(start, partial(_write_calendar, school, stage.years))
        stage.script.add(start, partial(_add_agencies, school))
    for row in data.read("school")["people"]:
        _write_person(stage, row, start)
    for row in data.read("learners")["learners"]:
        joined = data.moved_years(_joined(row), stage.years)
        at = max(start, moment(joined, "08:00"))
        stage.script.add(at, partial(_add_learner, stage, row, joined))


def _set_up(school: School, row: dict[str, Any]) -> None:
    for key, text in row["words"].items():
        services.set_word(school, key, text, by=PRODUCER)
    for key, value in row["rules"].items():
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        services.set_rule(school, key, text, by=PRODUCER)


def _write_calendar(school: School, years: int) -> None:
    rows = data.read("school")
    for row in rows["terms"]:
        first, last = data.moved(row["starts"], years), data.moved(row["ends"], years)
        services.add_term(school, f"{row['name'][:-4]}{first.year}", first, last, by=PRODUCER)
    for row in rows["closures"]:
        first, last = data.moved(row["starts"], years), data.moved(row["ends"], years)
        services.add_closure(school, row["name"], first, last, by=PRODUCER)


def _add_agencies(school: School) -> None:
    for number, kind in enumerate(agency_kinds().values()):
        here = {"name": f"Wendshire: {kind.name}", "phone": INVENTED_NUMBER.format(number)}
        services.add_agency(school, by=PRODUCER, **{**kind.suggestion, **(here if kind.is_local else {})})


# --- People ---------------------------------------------------------------------------------------------------------


def _write_person(stage: Stage, row: dict[str, Any], start: datetime) -> None:
    joined = data.moved_years(row["joined"], stage.years)
    at = max(start, moment(joined, "08:00"))
    add = _add_trust_person if row["group"] == "trust" else _add_person
    thread = stage.script.thread()
    thread.then(at, partial(add, stage, row, joined))
    for post in row["posts"] if row["group"] != "trust" else ():
        starts = data.moved_years(post["starts"], stage.years)
        thread_at = max(at, moment(starts, "08:00"))
        stage.script.add(thread_at, partial(_appoint, stage, row["key"], post, starts))
    if "left" in row:
        left = data.moved_years(row["left"], stage.years)
        stage.script.add(moment(left, "17:00"), partial(_leave, stage, row["key"], left))


def _make_user(row: dict[str, Any]) -> User:
    user = User.objects.create_user(row["email"], row["name"])
    if row["key"] in sign_in_keys():
        user.password = ready_password()
        user.save(update_fields=["password"])
        give_second_factor(user)
    return user


def sign_in_keys() -> set[str]:
    """The people for whom a sign-in is printed; nobody else of the demonstration has a password."""
    return {row["person"] for row in data.read("school")["sign_ins"]}


@cache
def ready_password() -> str:
    """The one password of the demonstration, hashed once: hashing takes long on purpose."""
    return make_password(PASSWORD)


def _add_person(stage: Stage, row: dict[str, Any], joined: date) -> None:
    school = stage.schools[row["school"]]
    member = services.add_member(
        school, _make_user(row), by=PRODUCER, group=row["group"], job_title=row["job"], starts_on=joined
    )
    stage.members[row["key"]] = member
    if row["group"] in WORKS_HERE:
        services.appoint(member, Role.STAFF, by=PRODUCER, starts_on=joined)


def _add_trust_person(stage: Stage, row: dict[str, Any], joined: date) -> None:
    trust = Trust.objects.get(slug=data.read("school")["trust"]["slug"])
    TrustAppointment.objects.create(trust=trust, user=_make_user(row), starts_on=joined)


def _appoint(stage: Stage, key: str, post: dict[str, Any], starts: date) -> None:
    ends = data.moved_years(post["ends"], stage.years) if "ends" in post else None
    role = ROLES.get(post["role"]) or Role(post["role"])
    services.appoint(
        stage.members[key],
        role,
        by=PRODUCER,
        starts_on=starts,
        ends_on=ends,
        is_lead=role in (Role.DSL, Role.HEADTEACHER),
    )


def _leave(stage: Stage, key: str, left: date) -> None:
    services.end_membership(stage.members[key], by=Job("demonstration"), last_day=left)


# --- Learners -------------------------------------------------------------------------------------------------------


def _joined(row: dict[str, Any]) -> date:
    """Primary pupils came in Reception; children of the nursery in the September after they were one."""
    if row["year_group"].startswith("Year "):
        return date(data.WRITTEN_FOR - int(row["year_group"][5:]), 9, 1)
    return date(data.WRITTEN_FOR, 9, 1)


def _address(name: str, child: str) -> str:
    """An invented address; the grown-ups whose name is not the child's have given none."""
    parts = name.casefold().replace("'", "").split()
    return f"{parts[0]}.{parts[-1]}@homes.example" if parts[-1] == child.casefold() else ""


def _add_learner(stage: Stage, row: dict[str, Any], joined: date) -> None:
    school = stage.schools[row["school"]]
    learner = services.add_learner(
        school,
        row["first"],
        row["last"],
        by=PRODUCER,
        birth_date=data.moved_years(row["born"], stage.years),
        year_group=row["year_group"],
        class_name=row["class_name"],
        joined_on=joined,
    )
    stage.learners[row["key"]] = learner
    for priority, contact in enumerate(row["contacts"], start=1):
        services.add_contact(
            learner,
            contact["name"],
            by=PRODUCER,
            phone=contact["phone"],
            email=_address(contact["name"], row["last"]),
            relationship=RELATIONSHIPS.get(contact["relationship"], Relationship.OTHER),
            priority=priority,
        )
