"""People without an account who are asked about a draft: what stands behind the link of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from django.utils.crypto import salted_hmac

from core import scope
from core.crypto import token_digest
from policies.models import Consultation, ConsultationLink, Consulted
from policies.selectors.consultation import LIGHT


def token_of(link: ConsultationLink) -> str:
    """The secret of a link. It follows from the server's key, so that a reminder leads to the same address."""
    return salted_hmac("policies.consultationlink", str(link.pk), algorithm="sha256").hexdigest()


@contextmanager
def guest_of(token: str) -> Iterator[Consulted | None]:
    """Who is asked by a link, inside the scope of their school; None where it is wrong or taken back, or the time is over."""
    with scope.acting_as_public(), scope.reading():
        found = ConsultationLink.objects.filter(digest=token_digest(token)).values_list(
            "school_id", "consulted_id"
        )
        behind = found.first()
    if behind is None:
        yield None
        return
    with scope.acting(schools=[behind[0]]), scope.reading():
        open_now = Consultation.objects.open_on(timezone.localdate())
        asked = Consulted.objects.filter(pk=behind[1], removed_at=None, consultation__in=open_now)
        asked = asked.select_related("consultation__version__policy", "consultation__version__school")
        yield asked.defer(*(f"consultation__{name}" for name in LIGHT)).first()
