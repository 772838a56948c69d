"""One object of every kind that an address can name, made through the services, for the access matrix."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from devices.tests.factories import make_device
from incidents import services as concerns
from incidents.tests.factories import make_adult_concern, make_open, triage_of
from policies import services as policies
from policies.check import OwnEdition
from policies.enums import VisitorKind
from policies.tests.factories import TEXT, make_draft, make_in_force, make_paper_signed, make_ratified
from registers.tests.factories import add, check
from reports.tests.factories import make_draft as make_draft_report
from reports.tests.factories import make_published
from schools import services
from schools.enums import Role
from schools.models import School
from schools.selectors import members
from schools.tests.factories import TESTS, make_member

Maker = Callable[[School], tuple[Any, ...]]


def _staff(school: School) -> Any:
    return make_member(school, Role.STAFF)


def _dsl(school: School) -> Any:
    return make_member(school, Role.DSL)


def _concern_entry(school: School) -> tuple[Any, ...]:
    dsl = _dsl(school)
    concern = make_open(school, dsl)
    return concern.pk, concerns.add_entry(concern, concerns.NewEntry("A note."), by=dsl).pk


def _concern_action(school: School) -> tuple[Any, ...]:
    dsl = _dsl(school)
    concern = make_open(school, dsl)
    return concern.pk, concerns.add_action(
        concern, concerns.NewAction("Ring home", dsl, timezone.localdate()), by=dsl
    ).pk


def _adult(school: School) -> Any:
    return make_adult_concern(school, _staff(school))


def _adult_entry(school: School) -> tuple[Any, ...]:
    concern, head = _adult(school), make_member(school, Role.HEADTEACHER)
    return concern.pk, concerns.add_entry(concern, concerns.NewEntry("A note."), by=head).pk


def _adult_action(school: School) -> tuple[Any, ...]:
    concern, head = _adult(school), make_member(school, Role.HEADTEACHER)
    return concern.pk, concerns.add_action(
        concern, concerns.NewAction("Ring the LADO", head, timezone.localdate()), by=head
    ).pk


def _adult_step(school: School) -> tuple[Any, ...]:
    concern, head = _adult(school), make_member(school, Role.HEADTEACHER)
    return concerns.triage_concern(concern, triage_of(head, category="allegation"), by=head).pk, "safe"


def _draft_section(school: School) -> tuple[Any, ...]:
    version = make_draft(school)
    return version.pk, version.sections.latest("position").pk


def _draft_clause(school: School) -> tuple[Any, ...]:
    version = make_draft(school)
    return version.pk, version.clauses.latest("position").stable_id


def _collected(school: School) -> Any:
    """A paper list of one, which whoever keeps the records may mark as entered in error."""
    member = make_member(school, Role.OFFICE)
    version = make_in_force(school)
    policies.collect_on_paper(version, [member], by=member, collected_by=member, on=timezone.localdate())
    return version.acknowledgements.get()


def _learner(school: School) -> Any:
    """A child with a concern and a device, and so with a story."""
    dsl, learner = _dsl(school), services.add_learner(school, "Robin", "Ashdown", by=TESTS)
    make_open(school, dsl, learners=[learner])
    make_device(dsl, learner=learner, owner_name="")
    return learner


def _parent(school: School) -> Any:
    learner = services.add_learner(school, "Robin", "Ashdown", by=TESTS)
    return services.add_contact(learner, "Kit Ashdown", by=TESTS, email=f"parent{next(_days)}@home.example")


def _desk(school: School) -> Any:
    policies.open_desk("Front desk", by=make_member(school, Role.OFFICE))
    return school.desks.latest("created_at")


def _visit(school: School) -> Any:
    token = policies.open_desk("Front desk", by=make_member(school, Role.OFFICE))
    said = policies.Arrival(VisitorKind.VISITOR, "Ash Quill", "Dr Fern")
    policies.sign_in_visitor(token, said, client_ref=uuid4())
    return school.visits.latest("created_at")


_days = count(1)


def _term(school: School) -> Any:
    """A term of its own for each report: there is one report a term."""
    first = timezone.localdate() - timedelta(days=1000 - 3 * next(_days))
    return services.add_term(school, "A term", first, first + timedelta(days=1), by=TESTS)


def _review(school: School) -> Any:
    policy = make_in_force(school).policy
    return policies.open_review(policy, by=TESTS, kind="national", what="A new edition.")


def _consultation(school: School) -> Any:
    """Everybody with a post is asked."""
    asked = {"question": "Is it clear?", "until": timezone.localdate(), "posts": list(Role)}
    return policies.open_consultation(make_draft(school, f"Draft {next(_days)}"), by=TESTS, **asked)


def _draft_out(school: School) -> tuple[Any, ...]:
    consultation = _consultation(school)
    return consultation.pk, consultation.version.clauses.latest("position").stable_id


def _comment(school: School) -> Any:
    dsl, word = _dsl(school), {"name": "School council", "stake": "learner", "text": "We like it."}
    return policies.record_word(_consultation(school), by=dsl, clause=None, **word)


def _guest(school: School) -> Any:
    said = {"name": "Kit Heron", "email": "kit@home.example", "stake": "parent"}
    return policies.invite_guest(_consultation(school), by=TESTS, **said)


def _with_approvers(school: School) -> Any:
    """Everybody who belongs to the school has a place, and all are asked at once."""
    draft = make_draft(school, f"Draft {next(_days)}")
    return policies.ask_for_approval(draft, list(members(school)), by=TESTS, in_order=False)


def _advice(school: School) -> Any:
    given = policies.NewAdvice("Jo Marsh", "it", timezone.localdate(), "Log it.")
    return policies.record_advice(make_draft(school), given, by=TESTS)


def _register_entry(school: School) -> Any:
    dsl = _dsl(school)
    return add(dsl, check(dsl))


MAKERS: dict[str, Maker] = {
    "schools:member": lambda school: (_staff(school).pk,),
    "schools:member_invite_again": lambda school: (
        services.invite_member(
            school, f"new{next(_days)}@school.example", "Wren Okafor", Role.STAFF, by=TESTS
        ).pk,
    ),
    "schools:post_end": lambda school: (_staff(school).appointments.get().pk,),
    "schools:post_give": lambda school: (_staff(school).pk,),
    "schools:agency": lambda school: (
        services.add_agency(school, "lado", f"LADO {next(_days)}", by=TESTS).pk,
    ),
    "schools:word": lambda school: ("learner",),
    "schools:rule": lambda school: ("end_of_day_time",),
    "devices:device": lambda school: (make_device(_dsl(school)).pk,),
    "incidents:concern": lambda school: (make_open(school, _dsl(school)).pk,),
    "incidents:own": lambda school: (make_open(school, _dsl(school)).pk,),
    "incidents:concern_done": _concern_action,
    "incidents:concern_step": lambda school: (make_open(school, _dsl(school)).pk, "parents"),
    "incidents:concern_correct": _concern_entry,
    "incidents:concern_error": _concern_entry,
    "incidents:adult_concern": lambda school: (_adult(school).pk,),
    "incidents:adult_concern_done": _adult_action,
    "incidents:adult_concern_step": _adult_step,
    "incidents:adult_concern_correct": _adult_entry,
    "incidents:adult_concern_error": _adult_entry,
    "registers:entry_detail": lambda school: (_register_entry(school).pk,),
    "registers:entry_correct": lambda school: (_register_entry(school).pk,),
    "registers:entry_list": lambda school: ("filtering-checks",),
    "registers:entry_create": lambda school: ("filtering-checks",),
    "reports:child_detail": lambda school: (_learner(school).pk,),
    "reports:report": lambda school: (make_published(_dsl(school), _term(school)).pk,),
    "reports:report_prepare": lambda school: (make_draft_report(_dsl(school), _term(school)).pk,),
    "reports:report_publish": lambda school: (make_draft_report(_dsl(school), _term(school)).pk,),
    "reports:report_create": lambda school: (_term(school).pk,),
    "policies:guidance_forget": lambda school: (
        policies.note_edition(
            school, OwnEdition("", f"Circular {next(_days)}", "", "law", "2026", "", True, "Post"), by=TESTS
        ).pk,
    ),
    "policies:expected_edit": lambda school: ("behaviour",),
    "policies:document_preview": lambda school: (
        policies.import_document(school, TEXT.encode(), "a.txt", by=TESTS).pk,
    ),
    "policies:source": lambda school: (
        policies.import_document(school, TEXT.encode(), "a.txt", by=TESTS).pk,
    ),
    "policies:acknowledgement_mistaken": lambda school: (_collected(school).pk,),
    "policies:parent": lambda school: (_parent(school).pk,),
    "policies:desk_close": lambda school: (_desk(school).pk,),
    "policies:visit_leave": lambda school: (_visit(school).pk,),
    "policies:induction_record": lambda school: (_staff(school).pk,),
    "policies:policy": lambda school: (make_in_force(school).policy_id,),
    "policies:outline_": lambda school: (make_in_force(school).policy_id,),
    "policies:review_open": lambda school: (make_in_force(school).policy_id,),
    "policies:review_conclude": lambda school: (_review(school).pk,),
    "policies:approval_ask": lambda school: (make_draft(school).pk,),
    "policies:approval_take_back": lambda school: (_with_approvers(school).version_id,),
    "policies:version_decide": lambda school: (_with_approvers(school).version_id,),
    "policies:approver_replace": lambda school: (_with_approvers(school).approvers.first().pk,),
    "policies:advice_add": lambda school: (make_draft(school).pk,),
    "policies:advice_done": lambda school: (_advice(school).pk,),
    "policies:consultation_": lambda school: (_consultation(school).pk,),
    "policies:consultation_open": lambda school: (make_draft(school).pk,),
    "policies:guest_invite": lambda school: (_consultation(school).pk,),
    "policies:guest_remove": lambda school: (_guest(school).pk,),
    "policies:comment_whole": lambda school: (_consultation(school).pk,),
    "policies:comment_clause": _draft_out,
    "policies:comment_answer": lambda school: (_comment(school).pk,),
    "policies:version_minor": lambda school: (make_draft(school).pk,),
    "policies:version_major": lambda school: (make_draft(school).pk,),
    "policies:version": lambda school: (make_in_force(school).pk,),
    "policies:version_ratify": lambda school: (make_draft(school).pk,),
    "policies:version_paper_signed": lambda school: (make_ratified(school).pk,),
    "policies:paper_download": lambda school: (make_paper_signed(school).pk,),
    "policies:version_start": lambda school: (make_ratified(school).pk,),
    "policies:version_sign": lambda school: (make_ratified(school).pk,),
    "policies:version_write": lambda school: (make_draft(school).pk,),
    "policies:version_details": lambda school: (make_draft(school).pk,),
    "policies:section_add": lambda school: (make_draft(school).pk,),
    "policies:section_add_after": _draft_section,
    "policies:section_": _draft_section,
    "policies:clause_begin": _draft_section,
    "policies:clause_": _draft_clause,
    "policies:clause_add": lambda school: (*_draft_clause(school), "below"),
    "policies:document_download": lambda school: (make_ratified(school).pk,),
}
"""By the beginning of a route's name; the longest that fits counts. A route that none fits fails the matrix."""


def maker_of(route_name: str) -> Maker:
    """What makes the objects that this route names. Raises LookupError when nobody has said."""
    key = max((key for key in MAKERS if route_name.startswith(key)), key=len, default="")
    if not key:
        raise LookupError(
            f"{route_name} names an object that the access matrix cannot make. Add it to {__name__}."
        )
    return MAKERS[key]
