"""The forms by which a concern is worked; each decision asks why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from core.forms import HouseForm, PickerOption
from incidents.enums import (
    WRITTEN_BY_HAND,
    Decision,
    EntryKind,
    Outcome,
    ParentsTold,
    PersonRole,
    Risk,
)
from incidents.forms.finding import HappenedField, kind_choices, long_text, offer
from incidents.forms.report import PeopleField, adult_options
from incidents.models import Concern
from incidents.procedures import Act, in_words, keys_of, procedure
from incidents.selectors.procedures import begun, key_for, owed, refusals, standings
from schools.models import Learner, Membership
from schools.presenters import learner_options
from schools.selectors import learners_by_ids, members


def lifted(concern: Concern, *acts: str, but: str = "") -> list[str]:
    """The sentences by which its procedure refuses any of these acts until something else was done."""
    found = begun(concern)
    held = refusals(concern, standings(concern, found), found, but) if found else {}
    return list(
        dict.fromkeys(held[Act(act)].says for act in acts if act in held and not held[Act(act)].is_final)
    )


def ask_despite(held: Iterable[str]) -> forms.CharField:
    """Asks why something has happened that the procedure does not allow yet."""
    return long_text("If it has happened all the same: why", rows=2, required=False, help_text=" ".join(held))


class WorkForm(HouseForm, forms.Form):
    """A form about one concern. `readers` are the people who may read it; `version` says what the person saw.

    `heading` and `intro` stand above it where they say more than the name of the act; `step` is the step it is about.
    """

    heading = intro = ""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        concern: Concern,
        readers: Iterable[Membership],
        words: dict[str, str],
        step: str = "",
        **kwargs: Any,
    ) -> None:
        self.concern, self.readers, self.words, self.step = concern, list(readers), words, step
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = concern.version
        self.prepare()

    def prepare(self) -> None:
        """Fills choices and first values from the concern."""

    def now(self, concern: Concern) -> dict[str, Any]:
        """What a send is about that was made after somebody read what stands now."""
        return {"version": concern.version}

    def _choose_reader(self, name: str, first: Any = None) -> None:
        offer(self, name, [(str(member.pk), member.name) for member in self.readers])
        self.fields[name].initial = str(first or "")

    def _reader(self, name: str) -> Membership:
        return next(member for member in self.readers if str(member.pk) == self.cleaned_data[name])


class TriageForm(WorkForm):
    """Kind, risk, lead, decision and reason."""

    submit_label = "Save this decision"

    category = forms.ChoiceField(label="Kind of concern")
    risk = forms.ChoiceField(label="Risk", choices=Risk.choices, widget=forms.RadioSelect)
    decision = forms.ChoiceField(label="What is decided", choices=[("", "Choose"), *Decision.choices])
    lead = forms.ChoiceField(label="Who leads")
    reason = long_text("Why", rows=3, help_text="Also when nothing more is to be done.")
    procedure = forms.ChoiceField(
        label="Procedure",
        required=False,
        help_text="Where another fits better than that of the kind, say above why.",
    )

    def prepare(self) -> None:
        """What was decided before stands first."""
        concern = self.concern
        offer(self, "category", [("", "Choose"), *kind_choices(concern.route, self.words)])
        self._choose_reader("lead", concern.lead_id or self.initial.get("me"))
        for name in ("category", "risk", "decision"):
            self.fields[name].initial = getattr(concern, name)
        titles = [(key, in_words(procedure(key).title, self.words)) for key in keys_of(concern.route)]
        offer(self, "procedure", [("", "As the kind says"), *sorted(titles, key=lambda one: one[1])])
        if concern.procedure and concern.procedure.key != key_for(concern):
            self.fields["procedure"].initial = concern.procedure.key

    def clean_lead(self) -> Membership:
        """The member chosen."""
        return self._reader("lead")


class CloseForm(WorkForm):
    """Outcome, why, whether parents know, lessons."""

    submit_label = "Close this concern"

    outcome = forms.ChoiceField(label="What came of it")
    reason = long_text("Why it can be closed", rows=3)
    parents_told = forms.ChoiceField(
        label="Do the parents or carers know?", choices=ParentsTold.choices, widget=forms.RadioSelect
    )
    parents_note = long_text(
        "How they were told, by whom and what they said; or why not", rows=3, required=False
    )
    lessons = long_text("What is to be learnt from it, if anything", rows=2, required=False)
    steps_left = long_text("Why steps of the procedure are left", rows=2, required=False)

    def prepare(self) -> None:
        """Outcomes of this route; steps that are left are asked about where there are any."""
        left = [in_words(one.step.text, self.words) for one in owed(self.concern)]
        if left:
            self.fields["steps_left"].help_text = f"Still to do: {' '.join(left)}"
        else:
            del self.fields["steps_left"]
        offer(
            self,
            "outcome",
            [
                ("", "Choose"),
                *((o.value, o.label) for o in Outcome.of(self.concern.route)),
            ],
        )

    def clean(self) -> dict[str, Any]:
        """A yes asks how, a no asks why."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("parents_told") in (ParentsTold.TOLD, ParentsTold.NOT_TOLD) and not data.get(
            "parents_note"
        ):
            told = data["parents_told"] == ParentsTold.TOLD
            self.add_error(
                "parents_note",
                "Say how and by whom they were told, and what they said."
                if told
                else "Say why they were not told.",
            )
        return data


class ReopenForm(WorkForm):
    """Why a closed concern is taken up again."""

    submit_label = "Reopen this concern"
    reason = long_text("Why it is taken up again", rows=3)


class EntryForm(WorkForm):
    """An entry of the chronology."""

    submit_label = "Add to the chronology"

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(kind.value, kind.label) for kind in WRITTEN_BY_HAND],
        initial=EntryKind.NOTE,
    )
    happened_at = HappenedField(label="When")
    text = long_text("What happened", rows=4)

    def prepare(self) -> None:
        """While the procedure refuses to question or to tell anybody, the form asks why it has happened all the same."""
        held = lifted(self.concern, Act.INTERVIEW, Act.SHARE)
        if held:
            self.fields["despite"] = ask_despite(held)


class ReplyForm(WorkForm):
    """What the reporter may know."""

    submit_label = "Send this reply"
    text = long_text(
        "What you write back",
        rows=3,
        help_text="The reporter sees this text, that their concern was read and whether it is closed. Nothing else.",
    )


class CorrectForm(WorkForm):
    """A correction beside an entry."""

    submit_label = "Set this correction beside it"
    text = long_text("How it should read", rows=4)
    reason = long_text("Why", rows=2)


class ErrorForm(WorkForm):
    """Why an entry should not be here."""

    submit_label = "Mark as entered in error"
    submit_tone = "stop"
    reason = long_text(
        "Why it should not be here",
        rows=2,
        help_text="Its text is put away. It is not deleted, and the record shows who put it away.",
    )


class ActionForm(WorkForm):
    """Something to be done by a day."""

    submit_label = "Add this action"

    text = long_text("What is to be done", rows=2)
    owner = forms.ChoiceField(
        label="Who does it",
        help_text="Somebody who may not read this concern must be told in person what to do.",
        error_messages={"required": "Choose who does it."},
    )
    due_on = forms.DateField(label="By when")

    def prepare(self) -> None:
        """Everybody in the school can be given something to do, but for those whom it is about."""
        out = {one.member_id for one in self.concern.people.all()}
        self.people = [member for member in members(self.school) if member.pk not in out]
        names = [(str(member.pk), member.name) for member in self.people]
        offer(self, "owner", [("", "Choose who"), *names])

    def clean_owner(self) -> Membership:
        """The member chosen."""
        return next(member for member in self.people if str(member.pk) == self.cleaned_data["owner"])


class DoneForm(WorkForm):
    """What came of an action."""

    submit_label = "Mark as done"
    note = long_text("What came of it", rows=2, required=False)


class PersonForm(WorkForm):
    """Somebody else in this concern."""

    submit_label = "Add this person"

    people = PeopleField(label="Who", always=(), required=False)
    name = forms.CharField(label="Or somebody who is not listed", max_length=120, required=False)
    role = forms.ChoiceField(label="In this concern", choices=PersonRole.choices)
    can_find = False

    def show_found(self, *, search_url: str, query: str, chosen: list[str]) -> None:
        """Learners and members chosen and found."""
        widget = self.fields["people"].widget
        widget.search_url, widget.query, widget.multiple = search_url, query, False
        widget.options = self.options(query, [value for value in chosen if value])

    def options(self, query: str, chosen: list[str]) -> list[PickerOption]:
        """Learners and adults, told apart by class and job."""
        return [*self._learner_options(query, chosen), *adult_options(self.school, query, chosen)]

    def _learner_options(self, query: str, chosen: list[str]) -> list[PickerOption]:
        """Learners of the school for those whose post finds them; for others, those who are in this concern already."""
        if self.can_find:
            return learner_options(self.school, query, chosen)
        return learner_options(self.school, "", sorted(self._known()))

    def _known(self) -> set[str]:
        return {str(one.learner_id) for one in self.concern.people.all() if one.learner_id}

    def _found(self, chosen: list[str]) -> list[Learner | Membership]:
        """The person of this id, if they were to be chosen from."""
        mine = chosen if self.can_find else [one for one in chosen if one in self._known()]
        return [
            *learners_by_ids(self.school, mine),
            *(member for member in members(self.school) if str(member.pk) in chosen),
        ]

    def clean(self) -> dict[str, Any]:
        """One person: chosen, or named."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = [data["people"]] if data.get("people") else []
        found = self._found(chosen)
        data["person"] = found[0] if found else data.get("name", "").strip()
        if not data["person"]:
            self.add_error("people", "Choose somebody, or write a name below.")
        return data
