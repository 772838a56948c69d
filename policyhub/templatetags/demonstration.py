"""The second factor of the demonstration in one step; outside DEMO these tags give nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django import template
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest  # noqa: TID251 - a type only

register = template.Library()


@dataclass(frozen=True)
class Code:
    """What an authenticator app would show now, for how many seconds more, and whether it was used up."""

    figures: str
    seconds: int
    used: bool


@register.simple_tag(takes_context=True)
def demonstration_code(context: dict[str, Any]) -> Code | None:
    """The code of whoever is signing in or confirming on this page; None outside the demonstration."""
    if not settings.DEMO:
        return None
    user = _who(context["request"])
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first() if user else None
    return _code_now(factor) if factor else None


def _who(request: HttpRequest) -> Any:
    stage = getattr(request, "_login_stage", None)
    if stage is not None:
        return stage.login.user
    return request.user if request.user.is_authenticated else None


def _code_now(factor: Authenticator) -> Code:
    """The first code that would be taken: this half minute's, or the next one's where the settings allow for slow clocks."""
    secret, period, spare = (
        decrypt(factor.data["secret"]),
        app_settings.TOTP_PERIOD,
        app_settings.TOTP_TOLERANCE,
    )
    counter, gone = divmod(int(time.time()), period)
    codes = [format_hotp_value(hotp_value(secret, counter + ahead)) for ahead in range(spare + 1)]
    totp = factor.wrap()
    free = [one for one in codes if cache.get(totp._get_used_cache_key(one)) is None]  # noqa: SLF001 - taken once only
    seconds = period - gone + (period * spare if free else 0)
    return Code((free or codes)[0], seconds, used=not free)
