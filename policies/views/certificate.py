"""The certificate that a school signs with."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.errors import DomainError
from policies import selectors, services
from policies.forms.certificate import CertificateForm
from schools.access import SchoolRequest, school_view
from schools.enums import Permission


@school_view(Permission.SETTINGS_MANAGE, methods=("GET", "POST"), step_up=True)
def certificate(request: SchoolRequest) -> HttpResponse:
    """Which one it is, until when, and which came before; takes the school's own."""
    form = CertificateForm(request.POST or None, request.FILES or None, school=request.school)
    if request.method == "POST" and form.is_valid():
        data, password = form.cleaned_data["file"].read(), form.cleaned_data["password"]
        try:
            services.bring_certificate(request.school, data, password, by=request.membership)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "From now on policies are signed with this certificate.")
            return redirect("policies:certificate", request.school.slug)
    found = selectors.certificates(request.school)
    current = next((one for one in found if one.ended_at is None), None)
    earlier = [one for one in found if one.ended_at]
    return render(
        request, "policies/certificate.html", {"form": form, "current": current, "earlier": earlier}
    )


@school_view(Permission.SETTINGS_MANAGE, methods=("POST",), step_up=True)
def certificate_make(request: SchoolRequest) -> HttpResponse:
    """Goes back to a certificate that PolicyHub makes."""
    try:
        services.make_certificate(request.school, by=request.membership)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "From now on policies are signed with a certificate that PolicyHub made.")
    return redirect("policies:certificate", request.school.slug)
