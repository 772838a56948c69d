"""The one base of every form: house layout, error summary, a reference against double sending, a draft kept on the server."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.widgets import ChoiceWidget
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    # The mixin stands before Form or ModelForm; only the type checker needs to know.
    _Base = forms.BaseForm
else:
    _Base = object


class DateInput(forms.DateInput):
    """The browser's own date control; it reads and writes ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own date and time control, in London time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class SignatureInput(forms.TextInput):
    """A name typed in place of a signature."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"class": "signature", "autocomplete": "off", "spellcheck": "false", **(attrs or {})}
        )


@dataclass(frozen=True)
class PickerOption:
    """One answer of a picker: its value, its name and a line that tells it from others of the same name.

    `is_found` is false for one that is there only because it was chosen before, and not by what is searched for now.
    """

    value: str
    label: str
    detail: str = ""
    is_found: bool = True


class PickerWidget(forms.Widget):
    """Search as you type with script; without it, a Find button sends the form back with the answers to choose from.

    Field `name` holds the choice (one value, or a list when `multiple`), `<name>_query` the text searched for.
    The form sets `options` (what was found) and `always` (answers that are always there, such as "Not sure who"); with
    `can_search` off these are all there is.
    """

    house_custom = True
    template_name = "components/picker.html"

    def __init__(
        self, search_url: str = "", *, multiple: bool = False, always: Sequence[PickerOption] = ()
    ) -> None:
        super().__init__()
        self.search_url = search_url
        self.multiple = multiple
        self.always = list(always)
        self.options: list[PickerOption] = []
        self.query = ""
        self.can_search = True

    def value_from_datadict(self, data: Any, files: MultiValueDict[str, Any], name: str) -> Any:
        """The chosen value or values; the searched text is remembered for the next rendering."""
        self.query = data.get(f"{name}_query", "")
        if not self.multiple:
            return data.get(name)
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The picker component; it needs nothing from the form's own renderer."""
        chosen = [
            str(one)
            for one in (value if isinstance(value, (list, tuple)) else [value])
            if one not in (None, "")
        ]
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "search_url": self.search_url,
            "can_search": self.can_search,
            "query": self.query,
            "options": self.options,
            "always": self.always,
            "chosen": chosen,
            "multiple": self.multiple,
            "describedby": (attrs or {}).get("aria-describedby", ""),
        }
        return render_to_string(self.template_name, context)


class HouseForm(_Base):
    """Mixin for Form and ModelForm: `class ConcernForm(HouseForm, forms.Form)`.

    Constructor takes keyword `school=`. Class attributes say how it looks: `submit_label`, `submit_tone` ("primary" or
    "stop"), `cancel_url`, `cancel_label`, `autosave_url` (a POST there keeps the draft on the server), `kept` (it holds what
    was typed before and not sent), `late` (more came when the sign-in had ended), `retry` (a failed send stays on the page and is tried again), `form_method`,
    `form_action`. A view may set them on the instance.
    `client_ref` is the same through every re-rendering, so that a second send of the same form can be told from a new one.
    """

    submit_label = "Save"
    submit_tone = "primary"
    cancel_url = ""
    cancel_label = "Cancel"
    autosave_url = ""
    kept = late = False
    twice: Mapping[str, Any] | None = None
    retry = False
    form_method = "post"
    form_action = ""
    has_references = True

    def __init__(self, *args: Any, school: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        if self.has_references:
            self.fields["client_ref"] = forms.UUIDField(
                required=False, initial=uuid.uuid4, widget=forms.HiddenInput
            )
            self.fields["draft_token"] = forms.CharField(
                required=False, max_length=400, widget=forms.HiddenInput
            )
        for field in self.fields.values():
            _use_house_widget(field)

    def clean_client_ref(self) -> uuid.UUID:
        """A form that was sent without its reference gets one, and is then simply a new send."""
        return self.cleaned_data.get("client_ref") or uuid.uuid4()

    def show_twice(self, rows: Sequence[Mapping[str, str]], url: str, again: str, title: str = "") -> None:
        """Says that this form was sent before with other words; what was typed stays, and sent again it is a new send.

        `rows` of {label, first, now} put both beside each other, `url` leads to what was stored, `again` says what one
        more send does, `title` what happened where somebody else was first. The answer to such a request is 409.
        """
        self.twice = {"rows": rows, "url": url, "again": again, "title": title}
        self.put(client_ref=uuid.uuid4())

    def put(self, **values: object) -> None:
        """Sets fields of what was sent to what the next send shall say; everything else that was typed stays."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, value in values.items():
            data[name] = str(value)
        self.data = data

    @property
    def helper(self) -> FormHelper:
        """What crispy needs: `{% crispy form %}` in the template is the whole form."""
        helper = FormHelper()
        helper.render_hidden_fields = True
        helper.template_pack = "house"
        helper.layout = self.layout
        helper.form_method = self.form_method
        helper.form_action = self.form_action
        helper.form_class = "house-form"
        helper.attrs = {"novalidate": True, **self._behaviour()}
        helper.house = {
            "submit_label": self.submit_label,
            "submit_tone": self.submit_tone,
            "cancel_url": self.cancel_url,
            "cancel_label": self.cancel_label,
        }
        return helper

    @property
    def layout(self) -> Any:
        """Override to return a crispy Layout; None shows the fields in their order."""
        return None

    def _behaviour(self) -> dict[str, Any]:
        attrs: dict[str, Any] = {}
        if self.autosave_url:
            attrs["data-autosave"] = self.autosave_url
        if self.retry:
            attrs["data-retry"] = ""
        return attrs


# What to do, in place of "This field is required."; a form's own words go first.
REQUIRED: tuple[tuple[type[forms.Widget], str], ...] = (
    (PickerWidget, "Choose who."),
    (forms.CheckboxInput, "Tick this to go on."),
    (forms.FileInput, "Choose a file."),
    (forms.DateInput, "Give a date."),
    (forms.DateTimeInput, "Give a date and a time."),
    (ChoiceWidget, "Choose one of these."),
)


def _use_house_widget(field: forms.Field) -> None:
    """Give dates their browser controls, text areas room and empty answers a plain sentence, unless the form chose its own."""
    if str(field.error_messages.get("required")) == str(forms.Field.default_error_messages["required"]):
        kinds = (sentence for kind, sentence in REQUIRED if isinstance(field.widget, kind))
        field.error_messages["required"] = next(kinds, "Fill this in.")
    if isinstance(field, forms.IntegerField) and None not in (field.min_value, field.max_value):
        bounds = f"Give a number from {field.min_value} to {field.max_value}."
        field.error_messages |= {"min_value": bounds, "max_value": bounds}
    if type(field.widget) is forms.DateInput:
        _replace(field, DateInput())
    elif type(field.widget) is forms.DateTimeInput:
        _replace(field, DateTimeInput())
    elif isinstance(field.widget, forms.Textarea):
        field.widget.attrs["rows"] = (
            field.widget.attrs.get("rows") if field.widget.attrs.get("rows") != "10" else "5"
        )


def _replace(field: forms.Field, widget: forms.Widget) -> None:
    widget.attrs = {**field.widget.attrs, **widget.attrs}
    widget.is_required = field.required
    field.widget = widget
