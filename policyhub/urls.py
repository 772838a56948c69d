"""The addresses of the whole application."""

from allauth.account import views as accounts
from django.urls import include, path, re_path

from core.views import gallery, healthz
from policies.urls import public_urlpatterns
from policies.urls import trust_urlpatterns as outline_urlpatterns
from reports.urls import trust_urlpatterns

# The pages of allauth that a school needs. People are invited: nobody signs up, or changes the address they sign in with.
ACCOUNTS = [
    path("login/", accounts.login, name="account_login"),
    path("logout/", accounts.logout, name="account_logout"),
    path("inactive/", accounts.account_inactive, name="account_inactive"),
    path("reauthenticate/", accounts.reauthenticate, name="account_reauthenticate"),
    path("password/change/", accounts.password_change, name="account_change_password"),
    path("password/reset/", accounts.password_reset, name="account_reset_password"),
    path("password/reset/done/", accounts.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        accounts.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        accounts.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("gallery/", gallery, name="gallery"),
    path("accounts/", include(ACCOUNTS)),
    path("", include("schools.urls")),
    path("", include(public_urlpatterns)),
    path("trusts/", include(trust_urlpatterns)),
    path("trusts/", include(outline_urlpatterns)),
    path("s/<slug:slug>/", include("reports.urls")),
    path("s/<slug:slug>/policies/", include("policies.urls")),
    path("s/<slug:slug>/concerns/", include("incidents.urls")),
    path("s/<slug:slug>/devices/", include("devices.urls")),
    path("s/<slug:slug>/registers/", include("registers.urls")),
]
