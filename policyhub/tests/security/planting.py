"""One school in which every text field was filled through the services with a text of the caller's choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from core import scope
from devices import services as devices
from incidents import services as concerns
from incidents.tests.factories import closing, triage_of
from policies import services as policies
from policies.tests.factories import TESTS as READER
from policies.tests.factories import make_draft
from policyhub.tests import routes
from policyhub.tests.objects import maker_of
from policyhub.tests.security.outsiders import plant_outsiders
from registers import services as registers
from registers.enums import Checked, Register, Result
from reports import services as reports
from reports.tests.factories import make_term
from schools import services as schools
from schools.enums import Role
from schools.models import Membership, School
from schools.tests.factories import TESTS, make_member, make_school, sign_in

Write = Callable[[str, str, int], str]
"""(kind, field, longest) -> the text for that field. The kind says who may see it."""


@dataclass
class Planted:
    """The school, one member for every role, and the arguments of each address by the beginning of its route's name."""

    school: School
    members: dict[Role, Membership]
    reporter: Membership
    arguments: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def addresses(self) -> dict[str, str]:
        """Every gated route, pointing at what was planted, or at an ordinary object where nothing was."""
        return {route.name: self._address(route) for route in routes.gated()}

    def _address(self, route: routes.Route) -> str:
        named: tuple[Any, ...] = ()
        if len(route.arguments) > 1:
            key = max((key for key in self.arguments if route.name.startswith(key)), key=len, default="")
            named = self.arguments[key] if key else maker_of(route.name)(self.school)
        return reverse(route.name, args=[self.school.slug, *named])

    def clients(self, *roles: Role) -> dict[str, Any]:
        """A signed-in client for each role, second factor given."""
        return {role: sign_in(self.members[role].user) for role in roles or tuple(Role)}


def plant(write: Write) -> Planted:
    """Fills everything. The caller stays outside the school's scope."""
    school = make_school()
    with scope.acting(schools=[school.pk]), scope.reading():
        members = {
            role: make_member(school, role, name=write("person", f"{role}.name", 120)) for role in Role
        }
        planted = Planted(school, members, make_member(school, Role.STAFF, name=write("person", "name", 120)))
        learner = _learner(planted, write)
        _child_concern(planted, learner, write)
        _closed_concern(planted, learner, write)
        _adult_concern(planted, write)
        _devices(planted, learner, write)
        _registers(planted, write)
        _policies(planted, write)
        _consultation(planted, write)
        _approval(planted, write)
        _reports(planted, write)
        planted.arguments |= plant_outsiders(school, members[Role.OFFICE], write)
    return planted


def _learner(planted: Planted, write: Write) -> Any:
    first, last = write("learner", "first_name", 60), write("learner", "last_name", 60)
    learner = schools.add_learner(
        planted.school, first, last, by=TESTS, birth_date=date(2015, 2, 3), class_name="4B"
    )
    schools.add_contact(learner, write("contact", "name", 0), by=TESTS, phone=write("contact", "phone", 0))
    planted.arguments |= {"reports:child_detail": (learner.pk,)}
    return learner


def _child_concern(planted: Planted, learner: Any, write: Write) -> None:
    dsl = planted.members[Role.DSL]
    report = concerns.NewConcern(
        write("child", "narrative", 0), learners=[learner], names=[write("child", "unlisted name", 120)],
        happened_note=write("child", "happened_note", 200), place_note=write("child", "place_note", 200),
        already_done=write("child", "already_done", 0),
    )  # fmt: skip
    concern = concerns.log_concern(planted.school, report, by=planted.reporter, client_ref=uuid4())
    concern = concerns.triage_concern(
        concern, triage_of(dsl, reason=write("child", "triage reason", 0)), by=dsl
    )
    entry = concerns.add_entry(concern, concerns.NewEntry(write("child", "entry", 0)), by=dsl)
    other = concerns.add_entry(concern, concerns.NewEntry(write("child", "wrong entry", 0)), by=dsl)
    concerns.correct_entry(
        other, write("child", "correction", 0), reason=write("child", "why corrected", 0), by=dsl
    )
    concerns.reply_to_reporter(concern, write("reply", "reply", 0), by=dsl)
    action = concerns.NewAction(write("child", "action", 0), dsl, timezone.localdate())
    action = concerns.add_action(concern, action, by=dsl)
    concerns.record_step(concern, "danger", concerns.StepDone(answer="yes", written={"what": write("child", "step", 0)}), by=dsl)  # fmt: skip
    planted.arguments |= {
        "incidents:concern": (concern.pk,),
        "incidents:own": (concern.pk,),
        "incidents:concern_done": (concern.pk, action.pk),
        "incidents:concern_step": (concern.pk, "parents"),
        "incidents:concern_correct": (concern.pk, entry.pk),
        "incidents:concern_error": (concern.pk, entry.pk),
    }


def _closed_concern(planted: Planted, learner: Any, write: Write) -> None:
    dsl = planted.members[Role.DSL]
    report = concerns.NewConcern(write("child", "closed narrative", 0), learners=[learner])
    concern = concerns.log_concern(planted.school, report, by=planted.reporter, client_ref=uuid4())
    concern = concerns.triage_concern(
        concern, triage_of(dsl, reason=write("child", "second reason", 0)), by=dsl
    )
    reasons = {name: write("child", name, 0) for name in ("parents_note", "lessons")}
    concern = concerns.close_concern(
        concern, closing(reason=write("child", "closing reason", 0), **reasons), by=dsl
    )
    other = concerns.NewConcern(write("child", "third narrative", 0), learners=[learner])
    waiting = concerns.log_concern(planted.school, other, by=planted.reporter, client_ref=uuid4())
    concerns.triage_concern(waiting, triage_of(dsl, reason=write("child", "third reason", 0)), by=dsl)
    planted.arguments |= {
        "incidents:concern_reopen": (concern.pk,),
        "incidents:concern_close": (waiting.pk,),
    }


def _adult_concern(planted: Planted, write: Write) -> None:
    head, about = planted.members[Role.HEADTEACHER], make_member(planted.school, Role.STAFF)
    report = concerns.NewConcern(write("adult", "adult narrative", 0), route="adult", adults=[about])
    concern = concerns.log_concern(planted.school, report, by=planted.reporter, client_ref=uuid4())
    why = write("adult", "adult triage reason", 0)
    concern = concerns.triage_concern(concern, triage_of(head, category="allegation", reason=why), by=head)
    entry = concerns.add_entry(concern, concerns.NewEntry(write("adult", "adult entry", 0)), by=head)
    new = concerns.NewAction(write("adult", "adult action", 0), head, timezone.localdate())
    action = concerns.add_action(concern, new, by=head)
    planted.arguments |= {
        "incidents:adult_concern": (concern.pk,),
        "incidents:adult_concern_done": (concern.pk, action.pk),
        "incidents:adult_concern_step": (concern.pk, "child_record"),
        "incidents:adult_concern_correct": (concern.pk, entry.pk),
        "incidents:adult_concern_error": (concern.pk, entry.pk),
    }


def _devices(planted: Planted, learner: Any, write: Write) -> None:
    office, dsl = planted.members[Role.OFFICE], planted.members[Role.DSL]
    taken = {"kind": "mobile phone", "reason": "used or seen against the rules"}
    details = {name: write("device", name, 80) for name in ("condition", "taken_where")}
    device = devices.receive_device(
        planted.school, devices.Intake(**taken, learner=learner, **details), by=office, client_ref=uuid4()
    )
    held = devices.receive_device(
        planted.school, devices.Intake(**taken, owner_name=write("device", "owner_name", 120)), by=office, client_ref=uuid4()
    )  # fmt: skip
    reason = write("device", "why held", 0)
    held = devices.place_hold(held, by=dsl, version=held.version, kind="safeguarding", reason=reason)
    planted.arguments |= {"devices:device": (device.pk,), "devices:device_lift": (held.pk,)}


def _registers(planted: Planted, write: Write) -> None:
    dsl = planted.members[Role.DSL]
    meeting = registers.NewEntry(
        Register.GOVERNOR_MEETING, timezone.localdate(), dsl, write("register", "notes", 0),
        actions=write("register", "actions", 0), second=planted.members[Role.NAMED_GOVERNOR],
    )  # fmt: skip
    entry = registers.add_entry(planted.school, meeting, by=dsl, client_ref=uuid4())
    check = registers.NewEntry(
        Register.FILTERING_CHECK, timezone.localdate(), dsl, write("register", "check notes", 0),
        checked=[Checked.LEARNER], result=Result.WORKS,
    )  # fmt: skip
    registers.add_entry(planted.school, check, by=dsl, client_ref=uuid4())
    planted.arguments |= {
        "registers:entry": (entry.pk,),
        "registers:entry_list": ("governor-meetings",),
        "registers:entry_create": ("governor-meetings",),
    }


def _policies(planted: Planted, write: Write) -> None:
    # A file that holds code is refused (policies/tests/reading/test_hostile.py): what is written here may be code.
    text = "Coats Policy\n\nKey Details\nDesignated Safeguarding Lead: Robin Ashdown\nDate written: September 2026\n\n1. Aims\n1.1 Coats hang on the pegs.\n2. Devices\n2.1 Phones stay in the bags."  # fmt: skip
    source = policies.import_document(planted.school, text.encode(), "policy.txt", by=READER)
    details = policies.DraftDetails(
        title=write("policy", "saved title", 190), setting=write("policy", "setting", 190)
    )
    draft = policies.save_draft(source, 0, details, by=READER)
    for clause in draft.clauses.all():
        words = (clause.label, write("policy", f"clause {clause.label}", 0))
        policies.reword_clause(draft, words, by=READER, clause=clause.stable_id)
        draft.refresh_from_db()
    ratified = policies.ratify_version(
        draft, by=READER, body=write("policy", "body", 100), on="2026-10-12", minute_reference=write("policy", "minute", 50)
    )  # fmt: skip
    version = policies.bring_into_force(ratified, by=READER)
    next_source = policies.import_document(planted.school, text.encode() + b"\n\n", "policy.txt", by=READER)
    next_draft = policies.save_draft(next_source, 0, policies.DraftDetails(title="The next one"), by=READER)
    unread = policies.import_document(planted.school, text.encode() + b"\n", "policy.txt", by=READER)
    planted.arguments |= {
        "policies:version": (version.pk,),
        "policies:version_ratify": (next_draft.pk,),
        "policies:version_write": (next_draft.pk,),
        "policies:version_details": (next_draft.pk,),
        "policies:clause_edit": (next_draft.pk, next_draft.clauses.latest("position").stable_id),
        "policies:policy": (version.policy_id,),
        "policies:document_download": (version.pk,),
        "policies:document_preview": (unread.pk,),
        "policies:source": (source.pk,),
    }


def _consultation(planted: Planted, write: Write) -> None:
    """Everybody with a post is asked; who commented is none of the clients."""
    dsl, day = planted.members[Role.DSL], timezone.localdate()
    somebody = make_member(planted.school, Role.STAFF)
    asked = {"question": write("policy", "question", 0), "until": day, "posts": list(Role)}
    consultation = policies.open_consultation(make_draft(planted.school, "Bags"), by=dsl, **asked)
    author = consultation.consulted.get(member=somebody)
    comment = policies.say(author, clause=None, text=write("consultation", "comment", 0), by=somebody)
    word = {"name": write("consultation", "whose word", 120), "stake": "learner", "clause": None}
    policies.record_word(consultation, by=dsl, text=write("consultation", "word", 0), **word)
    assert comment is not None
    policies.answer_comment(comment, by=dsl, answer="partly", reason=write("consultation", "answer", 0))
    clause = consultation.version.clauses.earliest("position").stable_id
    guest = {"name": write("consultation", "guest", 120), "email": "kit@home.example", "stake": "parent"}
    guest_pk = policies.invite_guest(consultation, by=dsl, **guest).pk
    planted.arguments |= {
        "policies:consultation_open": planted.arguments["policies:version_write"],
        "policies:consultation_": (consultation.pk,),
        "policies:comment_whole": (consultation.pk,),
        "policies:guest_invite": (consultation.pk,),
        "policies:guest_remove": (guest_pk,),
        "policies:comment_clause": (consultation.pk, clause),
        "policies:comment_answer": (comment.pk,),
    }


def _approval(planted: Planted, write: Write) -> None:
    """A version that came back once and is with its approvers again, with advice on it."""
    dsl, head = planted.members[Role.DSL], planted.members[Role.HEADTEACHER]
    version = make_draft(planted.school, "Boots")
    policies.ask_for_approval(version, [head], by=dsl, in_order=True)
    version.refresh_from_db()
    version = policies.send_back(version, by=head, reason=write("consultation", "sent back", 0))
    policies.ask_for_approval(version, [head], by=dsl, in_order=False)
    given = {name: write("consultation", name, 100) for name in ("adviser", "organisation", "text", "done")}
    advice = policies.record_advice(
        version, policies.NewAdvice(capacity="it", on=timezone.localdate(), **given), by=dsl
    )
    planted.arguments |= {
        "policies:version_record": (version.pk,),
        "policies:version_decide": (version.pk,),
        "policies:approval_ask": planted.arguments["policies:version_write"],
        "policies:approval_take_back": (version.pk,),
        "policies:approver_replace": (version.approval_rounds.get(ended_at=None).approvers.get().pk,),
        "policies:advice_add": (version.pk,),
        "policies:advice_done": (advice.pk,),
    }


def _reports(planted: Planted, write: Write) -> None:
    dsl = planted.members[Role.DSL]
    words = ("summary", "outcomes", "learnt", "requirements", "asks")
    first_term = make_term(planted.school, write("report", "term", 40))
    first = reports.begin_report(first_term, by=dsl, client_ref=uuid4())
    first = reports.write_words(
        first,
        reports.Words(**{name: write("report", name, 0) for name in words}),
        by=dsl,
        version=first.version,
    )
    reports.publish_report(first, by=dsl, version=first.version)
    second_term = make_term(planted.school, "Summer term", ended_days_ago=120)
    second = reports.begin_report(second_term, by=dsl, client_ref=uuid4())
    second = reports.write_words(
        second, reports.Words(write("report", "second summary", 0)), by=dsl, version=second.version
    )
    third_term = make_term(planted.school, "Spring term", ended_days_ago=240)
    planted.arguments |= {
        "reports:report": (first.pk,),
        "reports:report_prepare": (second.pk,),
        "reports:report_publish": (second.pk,),
        "reports:report_create": (third_term.pk,),
    }
