"""What somebody typed into one form, for the view that shows it: loaded, offered, kept while they type, dropped when sent."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from core.forms import HouseForm
from schools.models import School, User
from schools.selectors import drafts_of
from schools.services.drafts import discard_draft, draft_token, typed_text

DROP = "draft_drop"
"""The button under an offered draft that empties the form."""
LATE = "draft_late"
"""The button that shows what came after the sign-in had ended, where a draft of before stands too."""
STALE = ("version", "revision", "signature", "draft_token")
"""What a draft never brings back: the record may have moved on, and nobody's signature is given twice."""


class FormDraft:
    """The draft of one person for one form; `form` names it: "app.form", with the record's id where it is about one."""

    def __init__(self, school: School, user: User, form: str) -> None:
        self.school, self.user, self.form = school, user, form
        self.kept = self.late = False

    def begin(
        self, posted: MultiValueDict[str, str] | None, *, search: str = ""
    ) -> tuple[MultiValueDict[str, str] | None, dict[str, Any]]:
        """What a form is made with: data to be checked, and the words that stand in it when there is none.

        Data is what was sent, unless the button named `search` only asked to look somebody up, or the person asked for an
        empty form: then the draft is forgotten. Where nothing was sent, the words are those of the draft, or on wish those
        that came when the sign-in had ended.
        """
        if posted is None:
            return None, self._typed()
        if DROP in posted:
            self.drop()
            return None, {}
        if LATE in posted:
            return None, self._typed(late=True)
        if search and search in posted:
            return None, {name: _one_or_all(values) for name, values in posted.lists()}
        return posted, {}

    def _typed(self, *, late: bool = False) -> dict[str, Any]:
        """The words of the person's own draft, or of what came late; the other way round where there is only one."""
        own, came = (
            _lasting(typed_text(draft)) if draft else {}
            for draft in drafts_of(self.school, self.user.pk, self.form)
        )
        self.kept, self.late = bool(own or came), bool(own and came and own != came and not late)
        return came or own if late else own or came

    def watch(self, form: HouseForm) -> None:
        """From now on the form keeps itself while somebody types, and says whether it holds what was kept before."""
        form.autosave_url = reverse("schools:draft_save", args=[self.school.slug])
        form.initial["draft_token"] = draft_token(self.user, self.school, self.form)
        form.kept, form.late = self.kept, self.late

    def drop(self) -> None:
        """Forgets the draft: it was sent, or is not wanted."""
        discard_draft(self.school, self.user, self.form)


def _lasting(typed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in typed.items() if name not in STALE}


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
