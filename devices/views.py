"""Pages of the devices desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.errors import Conflict, DomainError, SentBefore
from core.forms import HouseForm
from devices import presenters, selectors, services
from devices.forms import HoldForm, LiftForm, ReceiveForm, ReleaseForm
from devices.models import Device
from devices.permissions import can_release
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.permissions import has_permission
from schools.selectors import vocabulary
from schools.services import FormDraft


@school_view(Permission.DEVICE_DESK, reads="device.desk")
def desk(request: SchoolRequest) -> HttpResponse:
    """What is in the safe now, and what went home today."""
    context = presenters.desk(request.school, selectors.in_the_safe(request.school), request.membership)
    context["past_columns"] = presenters.PAST_COLUMNS
    context["past_rows"] = presenters.past_rows(request.school, selectors.given_back_today(request.school))
    return render(request, "devices/desk.html", context)


@school_view(Permission.DEVICE_RECEIVE, methods=("GET", "POST"))
def device_receive(request: SchoolRequest) -> HttpResponse:
    """Books a device in."""
    draft = FormDraft(request.school, request.user, "devices.receive")
    form = _receive_form(request, draft)
    if form.is_bound and form.is_valid():
        try:
            device = services.receive_device(
                request.school,
                form.intake(),
                by=request.membership,
                client_ref=form.cleaned_data["client_ref"],
            )
        except SentBefore as error:
            form.show_twice(*presenters.sent_twice(error.first, form.intake()))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            draft.drop()
            return redirect("devices:device_receipt", request.school.slug, device.pk)
    return render(request, "devices/device_receive.html", {"form": form}, status=409 if form.twice else 200)


def _receive_form(request: SchoolRequest, draft: FormDraft) -> ReceiveForm:
    """The form with what was sent now, what is searched for, or what was kept from before."""
    data, typed = draft.begin(request.POST if request.method == "POST" else None, search="learner_find")
    form = ReceiveForm(
        data,
        school=request.school,
        words=vocabulary(request.school),
        search_url=reverse("schools:learner_search", args=[request.school.slug]),
        initial=typed,
    )
    draft.watch(form)
    form.show_found(
        request.POST.get("learner_query", typed.get("learner_query", "")), form["learner"].value() or ""
    )
    return form


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
        "rule": selectors.release_rule(device),
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
        "links": presenters.custody(device.movements.select_related("by")),
        "can_release": can_release(request.membership, device),
        "may_hold": has_permission(request.membership, Permission.DEVICE_HOLD),
    }
    if context["may_hold"]:
        context["earlier"] = presenters.earlier(request.school, selectors.earlier_devices(device))
    return render(request, "devices/device_detail.html", context)


def _device(request: SchoolRequest, pk: UUID) -> Device:
    return get_object_or_404(selectors.device_of(request.school), pk=pk)


@school_view(Permission.DEVICE_HOLD, methods=("GET", "POST"))
def device_hold(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Keeps a device from leaving."""
    device = _device(request, pk)
    draft, form = _device_form(request, device, "hold", HoldForm)
    if form.is_bound and form.is_valid():
        details = {name: form.cleaned_data[name] for name in ("version", "kind", "reason")}
        try:
            services.place_hold(device, by=request.membership, **details)
        except DomainError as error:
            device = _as_it_stands(request, device, form, error)
        else:
            draft.drop()
            messages.success(request, "On hold. Nobody can give it back until the hold is lifted.")
            return redirect(device)
    return render(request, "devices/device_hold.html", {"form": form, "device": device})


@school_view(Permission.DEVICE_HOLD, methods=("GET", "POST"))
def device_lift(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Lets a device leave again."""
    device = _device(request, pk)
    draft, form = _device_form(request, device, "lift", LiftForm)
    if form.is_bound and form.is_valid():
        details = {name: form.cleaned_data[name] for name in ("version", "reason")}
        try:
            services.lift_hold(device, by=request.membership, **details)
        except DomainError as error:
            device = _as_it_stands(request, device, form, error)
        else:
            draft.drop()
            messages.success(request, "The hold is lifted. The office can give the device back.")
            return redirect(device)
    return render(request, "devices/device_lift.html", {"form": form, "device": device})


@school_view(Permission.DEVICE_DESK, methods=("GET", "POST"))
def device_release(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Gives a device back."""
    device = _device(request, pk)
    rule = selectors.release_rule(device)
    draft, form = _device_form(request, device, "release", ReleaseForm, rule=rule)
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.release_device(device, form.handover(), by=request.membership, version=version)
        except services.ReasonNeeded as error:
            form.add_error("early_reason" if rule.is_early else None, str(error))
        except DomainError as error:
            device = _as_it_stands(request, device, form, error)
        else:
            draft.drop()
            messages.success(request, f"{device.reference} was given back. Slot {device.slot} is free.")
            return redirect("devices:desk", request.school.slug)
    return render(request, "devices/device_release.html", {"form": form, "device": device, "rule": rule})


def _device_form(
    request: SchoolRequest, device: Device, name: str, form_class: type[Any], **parts: Any
) -> tuple[FormDraft, Any]:
    """A form about one device and its draft."""
    draft = FormDraft(request.school, request.user, f"devices.{name}.{device.pk}")
    data, typed = draft.begin(request.POST if request.method == "POST" else None)
    form = form_class(data, school=request.school, initial={"version": device.version, **typed}, **parts)
    form.cancel_url = device.get_absolute_url()
    draft.watch(form)
    return draft, form


def _as_it_stands(request: SchoolRequest, device: Device, form: HouseForm, error: DomainError) -> Device:
    """After a Conflict the device as it is now; the next send is about that."""
    form.add_error(None, str(error))
    if isinstance(error, Conflict):
        device = _device(request, device.pk)
        form.put(version=device.version)
    return device
