"""Pages of the devices desk."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.errors import DomainError
from devices import presenters, selectors, services
from devices.forms import HoldForm, LiftForm, ReceiveForm, ReleaseForm
from devices.models import Device
from devices.permissions import can_release
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.permissions import has_permission
from schools.selectors import vocabulary


@school_view(Permission.DEVICE_DESK, reads="device.desk")
def desk(request: SchoolRequest) -> HttpResponse:
    """What is in the safe now, and what went home today."""
    context = presenters.desk(request.school, selectors.in_the_safe(request.school), request.membership)
    context["past_columns"] = presenters.PAST_COLUMNS
    context["past_rows"] = presenters.past_rows(
        request.school, selectors.given_back_today(request.school)[:20]
    )
    return render(request, "devices/desk.html", context)


@school_view(Permission.DEVICE_RECEIVE, methods=("GET", "POST"))
def device_receive(request: SchoolRequest) -> HttpResponse:
    """Books a device in."""
    searching = "learner_find" in request.POST
    data = request.POST if request.method == "POST" and not searching else None
    form = ReceiveForm(
        data,
        school=request.school,
        words=vocabulary(request.school),
        search_url=reverse("schools:learner_search", args=[request.school.slug]),
        initial=request.POST.dict() if searching else None,
    )
    if data is not None and form.is_valid():
        try:
            device = services.receive_device(
                request.school,
                _intake(form),
                by=request.membership,
                client_ref=form.cleaned_data["client_ref"],
            )
            return redirect("devices:device_receipt", request.school.slug, device.pk)
        except DomainError as error:
            form.add_error(None, str(error))
    form.show_found(request.POST.get("learner_query", ""), request.POST.get("learner", ""))
    form.picker.query = request.POST.get("learner_query", "")
    return render(request, "devices/device_receive.html", {"form": form})


def _intake(form: ReceiveForm) -> services.Intake:
    names = ("kind", "reason", "learner", "owner_name", "condition", "taken_where")
    return services.Intake(**{name: form.cleaned_data[name] for name in names})


@school_view(Permission.DEVICE_RECEIVE, reads="device.receipt")
def device_receipt(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The receipt and the envelope label of a device that this person booked in, or that the desk has."""
    devices = selectors.device_of(request.school)
    if not has_permission(request.membership, Permission.DEVICE_DESK):
        devices = devices.filter(taken_by=request.membership)
    device = get_object_or_404(devices, pk=pk)
    context = {
        "device": device,
        "facts": presenters.facts(device),
        "rule": presenters.release_rule(request.school, device),
    }
    context["link"] = f"{settings.PUBLIC_URL}{device.get_absolute_url()}"
    return render(request, "devices/device_receipt.html", context)


@school_view(Permission.DEVICE_DESK, reads="device.read")
def device_detail(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """One device with its custody chain."""
    device = _device(request, pk)
    context = {
        "device": device,
        "facts": presenters.facts(device),
        "links": presenters.custody(device.movements.select_related("by__user")),
        "can_release": can_release(request.membership, device),
        "may_hold": has_permission(request.membership, Permission.DEVICE_HOLD),
    }
    return render(request, "devices/device_detail.html", context)


def _device(request: SchoolRequest, pk: UUID) -> Device:
    return get_object_or_404(selectors.device_of(request.school), pk=pk)


@school_view(Permission.DEVICE_HOLD, methods=("GET", "POST"))
def device_hold(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Keeps a device from leaving."""
    device = _device(request, pk)
    form = HoldForm(request.POST or None, school=request.school, initial={"version": device.version})
    if request.method == "POST" and form.is_valid():
        details = {name: form.cleaned_data[name] for name in ("version", "kind", "reason")}
        try:
            services.place_hold(device, by=request.membership, **details)
            messages.success(request, "On hold. Nobody can give it back until the hold is lifted.")
            return redirect(device)
        except DomainError as error:
            form.add_error(None, str(error))
    return render(request, "devices/device_hold.html", {"form": form, "device": device})


@school_view(Permission.DEVICE_HOLD, methods=("GET", "POST"))
def device_lift(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Lets a device leave again."""
    device = _device(request, pk)
    form = LiftForm(request.POST or None, school=request.school, initial={"version": device.version})
    if request.method == "POST" and form.is_valid():
        details = {name: form.cleaned_data[name] for name in ("version", "reason")}
        try:
            services.lift_hold(device, by=request.membership, **details)
            messages.success(request, "The hold is lifted. The office can give the device back.")
            return redirect(device)
        except DomainError as error:
            form.add_error(None, str(error))
    return render(request, "devices/device_lift.html", {"form": form, "device": device})


@school_view(Permission.DEVICE_DESK, methods=("GET", "POST"))
def device_release(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Gives a device back."""
    device = _device(request, pk)
    rule = presenters.release_rule(request.school, device)
    form = ReleaseForm(
        request.POST or None, school=request.school, device=device, due_text=rule.text, is_early=rule.is_early,
        learner_may=rule.learner_may, initial={"version": device.version},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        names = ("collector", "collector_name", "identified", "signature")
        handover = services.Handover(
            **{name: form.cleaned_data[name] for name in names},
            early_reason=form.cleaned_data.get("early_reason", ""),
        )
        try:
            services.release_device(
                device, handover, by=request.membership, version=form.cleaned_data["version"]
            )
            messages.success(request, f"{device.reference} was given back. Slot {device.slot} is free.")
            return redirect("devices:desk", request.school.slug)
        except DomainError as error:
            form.add_error(None, str(error))
    return render(request, "devices/device_release.html", {"form": form, "device": device, "rule": rule})
