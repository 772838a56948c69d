"""The house form: labels, help, errors, references, pickers."""

from __future__ import annotations

import re
import uuid

import pytest
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from core.forms import DateInput, DateTimeInput, HouseForm, PickerOption, PickerWidget
from core.gallery import SampleForm, wrong_form

pytestmark = pytest.mark.urls("allauth.urls")


class Small(HouseForm, forms.Form):
    submit_label = "Send it"
    name = forms.CharField(help_text="As on the register.")
    where = forms.ChoiceField(choices=[("a", "Here"), ("b", "There")], widget=forms.RadioSelect)
    on = forms.DateField(required=False)


def show(form) -> str:
    request = RequestFactory().get("/")
    source = "{% load crispy_forms_tags %}{% crispy form %}"
    return Template(source).render(Context({"form": form, "request": request, "csrf_token": "x"}))


def test_form_has_one_button_with_its_label_and_posts():
    html = show(Small())

    assert re.findall(r'<button type="submit" class="btn btn-primary">(.*?)</button>', html) == ["Send it"]
    assert 'method="post"' in html
    assert 'name="csrfmiddlewaretoken"' in html


def test_label_help_and_error_belong_to_their_field():
    html = show(Small({}))

    assert '<label for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_error_summary_links_to_each_wrong_field():
    html = show(Small({}))

    assert re.findall(r'<li><a href="#(.*?)">(.*?)</a></li>', html) == [
        ("id_name", "Name: Fill this in."),
        ("id_where_0", "Where: Choose one of these."),
    ]
    assert 'id="id_where_0"' in html


def test_form_without_errors_has_no_summary():
    assert "error-summary" not in show(Small())


def test_group_of_choices_has_a_legend():
    assert re.search(r"<legend>Where <span class=\"need\">required</span></legend>", show(Small()))


def test_required_is_a_word_and_optional_fields_have_none():
    assert show(Small()).count('class="need">required<') == 2


def test_typed_words_stay_after_an_error():
    assert 'value="Robin &lt;b&gt;"' in show(Small({"name": "Robin <b>"}))


def test_client_ref_is_fresh_on_each_new_form():
    refs = {re.search(r'name="client_ref" value="(.*?)"', show(Small()))[1] for _ in range(3)}

    assert len(refs) == 3


def test_client_ref_is_kept_when_the_form_comes_back():
    ref = str(uuid.uuid4())

    assert f'name="client_ref" value="{ref}"' in show(Small({"client_ref": ref}))


def test_cleaned_data_holds_the_reference():
    ref = uuid.uuid4()
    form = Small({"name": "R", "where": "a", "client_ref": str(ref)})

    assert form.is_valid()
    assert form.cleaned_data["client_ref"] == ref


def test_missing_reference_is_replaced_and_a_wrong_one_refused():
    assert isinstance(_valid(Small({"name": "R", "where": "a"})).cleaned_data["client_ref"], uuid.UUID)
    assert "client_ref" in Small({"name": "R", "where": "a", "client_ref": "x"}).errors


def _valid(form):
    assert form.is_valid()
    return form


def test_draft_token_comes_from_the_view():
    assert 'name="draft_token" value="tok"' in show(Small(initial={"draft_token": "tok"}))


def test_references_can_be_left_out():
    form = type("Bare", (Small,), {"has_references": False})()

    assert list(form.fields) == ["name", "where", "on"]


def test_dates_get_the_browsers_controls():
    form = SampleForm()

    assert isinstance(form.fields["seen_on"].widget, DateInput)
    assert isinstance(form.fields["when"].widget, DateTimeInput)
    assert 'type="datetime-local" name="when" value="2026-10-12T11:15"' in show(form)


def test_local_time_is_read_as_london_time():
    form = SampleForm({"when": "2026-07-14T14:05"})
    form.is_valid()

    assert form.cleaned_data["when"].isoformat() == "2026-07-14T14:05:00+01:00"


def test_autosave_and_retry_are_told_to_the_script():
    form = Small()
    form.autosave_url, form.retry = "/draft", True

    assert 'data-autosave="/draft"' in show(form)
    assert "data-retry" in show(form)


def test_layout_groups_fields_and_keeps_the_hidden_ones():
    class Grouped(Small):
        layout = Layout(Fieldset("Who", "name"), Row("where", "on"))

    html = show(Grouped())

    assert '<legend class="group-title">Who</legend>' in html
    assert 'name="client_ref"' in html


def test_file_form_is_multipart():
    assert 'enctype="multipart/form-data"' in show(SampleForm())


def test_picker_reads_one_or_several():
    data = MultiValueDict({"who": ["1", "2"]})

    assert PickerWidget().value_from_datadict(data, MultiValueDict(), "who") == "2"
    assert PickerWidget(multiple=True).value_from_datadict(data, MultiValueDict(), "who") == ["1", "2"]


def test_picker_keeps_the_search_and_the_choice():
    widget = PickerWidget(always=[PickerOption("unsure", "Not sure who")])
    widget.options = [PickerOption("1", "Robin <b>", "Year 4")]
    widget.value_from_datadict({"who_query": "Rob"}, MultiValueDict(), "who")

    html = widget.render("who", "1", {"id": "id_who"})

    assert 'value="Rob"' in html
    assert re.search(r'value="1" checked><label for="id_who_0">Robin &lt;b&gt;', html)
    assert html.count(" checked") == 1
    assert 'name="who_find"' in html


def test_picker_says_when_nobody_was_found():
    widget = PickerWidget()
    widget.query = "Zz"

    assert "Nobody found for “Zz”" in widget.render("who", None, {"id": "id_who"})


@pytest.mark.parametrize("word", ["style=", "onclick", "<script", "javascript:"])
def test_no_form_holds_inline_code(word):
    assert word not in show(wrong_form())


def test_school_is_kept_for_the_form():
    assert Small(school="a school").school == "a school"
