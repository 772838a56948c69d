"""The forms by which concerns are logged: one for children, one for adults."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject

from core.forms import HouseForm, PickerOption, PickerWidget
from incidents.enums import Place, Route
from incidents.forms.finding import AT_MOST, HappenedField, kind_choices, long_text, offer
from schools.models import Membership
from schools.presenters import learner_options
from schools.selectors import learners_by_ids, members, rule_list

UNLISTED, UNSURE = "unlisted", "unsure"
SOMEONE_ELSE = (PickerOption(UNLISTED, "Someone not listed"), PickerOption(UNSURE, "Not sure who"))


class More(Div):
    """Fields that few need, folded away; open when one of them holds something or is wrong."""

    template = "incidents/_more_fields.html"

    def __init__(self, title: str, *names: str) -> None:
        super().__init__(*names)
        self.title = title

    def render(self, form: Any, context: Any, template_pack: Any = "", **kwargs: Any) -> str:
        """The folded part with its fields."""
        rendered = self.get_rendered_fields(form, context, template_pack, **kwargs)
        is_open = any(form.errors.get(name) or form[name].value() for name in self.fields)
        return render_to_string(self.template, {"title": self.title, "fields": rendered, "is_open": is_open})


class PeopleField(forms.Field):
    """People found by a picker, or one of the answers that are always there."""

    def __init__(self, *, always: Iterable[PickerOption] = SOMEONE_ELSE, **kwargs: Any) -> None:
        super().__init__(widget=PickerWidget(multiple=True, always=list(always)), **kwargs)


class ConcernForm(HouseForm, forms.Form):
    """A concern about a child: eight questions, four of them required."""

    submit_label = "Send this concern"
    retry = True
    route = Route.CHILD

    people = PeopleField(
        label="Who is it about?", help_text="More than one is possible. Search by any part of a name or class.",
        error_messages={"required": "Choose who it is about, or “Not sure who”."},
    )  # fmt: skip
    unlisted_name = forms.CharField(label="Name of someone not listed", max_length=120, required=False)
    happened_at = HappenedField(
        label="When did it happen?",
        error_messages={"required": "Say when it happened, as well as you know."},
    )
    happened_note = forms.CharField(
        label="If you do not know the time exactly",
        max_length=200,
        required=False,
        help_text="For instance: some time at lunch; heard about it today.",
    )
    place = forms.ChoiceField(
        label="Where?", choices=Place.choices, widget=forms.RadioSelect,
        error_messages={"required": "Say where it happened, or “Not known”."},
    )  # fmt: skip
    place_note = forms.CharField(label="Where exactly", max_length=200, required=False)
    service = forms.ChoiceField(label="If online: which kind of service", required=False)
    narrative = long_text(
        "What happened?", rows=8,
        help_text="What you saw and heard, in order. The child's own words in quotation marks. Full names, not initials. Say where something is your opinion. " + AT_MOST,
        error_messages={"required": "Write what happened."},
    )  # fmt: skip
    already_done = long_text("What have you done already?", rows=3, required=False)
    told_in_person = forms.BooleanField(label="I have told one of them in person as well", required=False)
    immediate_danger = forms.BooleanField(
        label="Somebody is in immediate danger",
        required=False,
        help_text="Ring 999 first. Then tell one of the people above in person; do not wait for an answer here.",
    )
    may_involve_imagery = forms.BooleanField(
        label="It may involve a sexual image of a child", required=False,
        help_text="Then nothing can be attached, and nobody may look at, copy or send the image: even keeping it can be a crime. Describe it in words, and no more than needed.",
    )  # fmt: skip
    category = forms.ChoiceField(
        label="What kind of concern is it?",
        required=False,
        help_text="You need not choose: whoever reads it decides.",
    )

    def __init__(self, *args: Any, words: dict[str, str], can_find: bool = True, **kwargs: Any) -> None:
        self.can_find = can_find
        super().__init__(*args, **kwargs)
        if not can_find:
            self.fields[
                "people"
            ].help_text = (
                "Your post does not search the lists of children: write the name, as well as you know it."
            )
        offer(self, "category", [("", "Leave it to the reader"), *kind_choices(self.route, words)])
        service: Any = self.fields["service"]
        service.choices = cache(self._services)  # asked for when the field is shown or holds something

    def _services(self) -> list[tuple[str, str]]:
        kinds = rule_list(self.school, "service_kinds")
        return [("", "None, or not known"), *((kind, kind) for kind in kinds)]

    def show_found(self, *, search_url: str, query: str, chosen: list[str]) -> None:
        """Sets the picker's answers, those chosen and those found; they are looked up when the form is shown."""
        widget = self.fields["people"].widget
        widget.search_url, widget.query, widget.can_search = search_url, query, self.can_find
        widget.options = SimpleLazyObject(lambda: self.options(query, chosen)) if self.can_find else []

    def options(self, query: str, chosen: list[str]) -> list[PickerOption]:
        """Learners chosen and found."""
        return learner_options(self.school, query, chosen)

    def found(self, chosen: list[str]) -> list[Any]:
        """The learners of these ids, in this school."""
        return list(learners_by_ids(self.school, chosen)) if self.can_find else []

    def clean_people(self) -> list[str]:
        """Ids of the chosen, each of this school; or one of the answers that are always there."""
        chosen = list(dict.fromkeys(self.cleaned_data["people"] or []))
        ids = [value for value in chosen if value not in (UNLISTED, UNSURE)]
        self.chosen = self.found(ids)
        if len(self.chosen) != len(ids):
            raise forms.ValidationError(
                "Somebody who was chosen could not be found. Please search and choose again."
            )
        return chosen

    def clean(self) -> dict[str, Any]:
        """Someone not listed needs a name."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if UNLISTED in (data.get("people") or []) and not data.get("unlisted_name"):
            self.add_error(
                "unlisted_name", "Write the name, or a description, of the person who is not listed."
            )
        return data

    @property
    def layout(self) -> Layout:
        """Eight questions on show; the others folded."""
        return Layout(
            "people",
            Div("unlisted_name", css_class="when-unlisted"),
            More("Place and kind, if you know them", "happened_note", "place_note", "service", "category"),
            "happened_at",
            "place", "narrative", "already_done",
            "told_in_person", "immediate_danger", "may_involve_imagery", "client_ref", "draft_token",
        )  # fmt: skip

    def report(self) -> dict[str, Any]:
        """What the service takes, in plain values."""
        data = self.cleaned_data
        plain = (
            "happened_at", "happened_note", "place", "place_note", "service", "narrative", "already_done", "told_in_person",
            "immediate_danger", "may_involve_imagery", "category",
        )  # fmt: skip
        who = "learners" if self.route == Route.CHILD else "adults"
        names = [data["unlisted_name"]] if data["unlisted_name"] else []
        return {**{name: data[name] for name in plain}, "route": self.route, who: self.chosen, "names": names}


class AdultConcernForm(ConcernForm):
    """A concern about an adult who works or volunteers here."""

    route = Route.ADULT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].help_text = "Anybody who works or helps here, paid or not. It may be yourself."
        self.fields[
            "narrative"
        ].help_text = f"What you saw and heard, in order. What was said in quotation marks. Full names, not initials. Say where something is your opinion. {AT_MOST}"

    def options(self, query: str, chosen: list[str]) -> list[PickerOption]:
        """Members of the school chosen and found."""
        return adult_options(self.school, query, chosen)

    def found(self, chosen: list[str]) -> list[Membership]:
        """The members of these ids, in this school."""
        return [member for member in members(self.school) if str(member.pk) in chosen]


def adult_options(school: Any, query: str, chosen: Iterable[str]) -> list[PickerOption]:
    """Members of the school: those chosen, then those whose name or job holds every word typed."""
    parts, picked = query.casefold().split(), set(chosen)
    rows = [(member, f"{member.name} {member.job_title}".casefold()) for member in members(school)]
    found = {member.pk for member, text in rows if parts and all(part in text for part in parts)}
    kept = [member for member, _ in rows if str(member.pk) in picked]
    hits = [member for member, _ in rows if member.pk in found and member not in kept]
    return [
        PickerOption(str(member.pk), member.name, member.job_title, is_found=member.pk in found)
        for member in (*kept, *hits[:8])
    ]
