"""Forms of a consultation: what is asked, what people think, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from core.forms import HouseForm
from policies.enums import Answer, Stake
from policies.forms import RevisionForm, SeenForm
from schools.models import Membership

LONGEST_WORD = 4000


class ConsultForm(RevisionForm):
    """What people are asked about a draft, who, and until when."""

    submit_label = "Open the consultation"

    question = forms.CharField(
        label="What do you want to know?",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text="Everybody who is asked reads this above the draft.",
    )
    until = forms.DateField(label="Last day for comments")
    posts = forms.MultipleChoiceField(
        label="Posts",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="All who hold them today.",
    )
    members = forms.MultipleChoiceField(label="Members", widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, posts: dict[str, str], people: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts"].choices = list(posts.items())  # type: ignore[attr-defined]
        self.fields["members"].choices = by_group(people)  # type: ignore[attr-defined]


def by_group(people: Iterable[Membership]) -> list[tuple[str, list[tuple[str, str]]]]:
    """People to choose from, under what they belong as, so that nobody looks for a name among everybody."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in people:
        found.setdefault(one.get_group_display(), []).append((str(one.pk), one.name))
    return list(found.items())


class AskMoreForm(HouseForm, forms.Form):
    """Further members who are asked about a draft."""

    submit_label = "Ask them too"

    members = forms.MultipleChoiceField(label="Members", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = by_group(people)  # type: ignore[attr-defined]


class CommentForm(HouseForm, forms.Form):
    """What somebody thinks of a clause, or of the whole."""

    submit_label = "Save my comment"

    text = forms.CharField(
        label="What do you think?",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST_WORD,
        required=False,
        help_text="Please name no child. Leave it empty to take back what you said before.",
    )


class GuestCommentForm(CommentForm):
    """The same, without an account: the secret is in the address, so there is no session to protect."""

    has_references = False

    @property
    def helper(self) -> Any:
        """Without a token, so that no cookie is set."""
        helper = super().helper
        helper.disable_csrf = True
        return helper


class GuestForm(HouseForm, forms.Form):
    """Somebody without an account who is asked about a draft."""

    submit_label = "Send them a link"

    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail address", max_length=254)
    stake = forms.ChoiceField(label="They are", choices=[("", "Choose"), *Stake.choices])


class WordForm(HouseForm, forms.Form):
    """What people said another way: at a meeting, in class, on paper."""

    submit_label = "Enter it"

    name = forms.CharField(
        label="Whose word is it?",
        max_length=120,
        help_text="For instance the school council, or the parents' evening.",
    )
    stake = forms.ChoiceField(label="They are", choices=[("", "Choose"), *Stake.choices])
    clause = forms.ChoiceField(label="What it is about", required=False)
    text = forms.CharField(
        label="What they said",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST_WORD,
        help_text="Please name no child.",
    )

    def __init__(self, *args: Any, clauses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [("", "The policy as a whole"), *clauses]  # type: ignore[attr-defined]


class AnswerForm(SeenForm):
    """What was done about a comment, and why."""

    submit_label = "Save the answer"

    answer = forms.ChoiceField(label="What was done", choices=Answer.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="How, or why not", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )


class UnansweredForm(SeenForm):
    """Why comments stay without an answer."""

    submit_label = "Go on without answers"

    reason = forms.CharField(
        label="Why are they not answered?", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )
