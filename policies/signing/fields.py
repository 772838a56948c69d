"""Empty, tagged signature fields, put into a PDF before its first signature."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from core.errors import DomainError

WIDTH, HEIGHT, GAP, MARGIN = 226.0, 85.0, 14.0, 57.0  # points: 80 by 30 mm, two beside each other on A4
ANCHOR = "sign-"
_PRINTED = 4
_SIGNED_AND_APPEND_ONLY = 3
UNREADABLE = "This file cannot be read as a PDF."


@dataclass(frozen=True)
class SignatureField:
    """A place to sign. It stands where the template has an element with id `sign-<name>`, else at the foot of the last page."""

    name: str
    label: str


def prepare_for_signing(pdf: bytes, fields: Sequence[SignatureField]) -> bytes:
    """The PDF with its empty signature fields, each tagged and named for screen readers.

    All fields must be there before the first signature, which forbids new ones. Object streams are unpacked, because
    verifying reads them again for every object in them.
    """
    if len({field.name for field in fields}) != len(fields):
        raise ValueError("Two signature fields have the same name.")
    try:
        document = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PdfError as error:
        raise DomainError(UNREADABLE) from error
    with document:
        anchors = _anchors(document)
        widgets = []
        for number, field in enumerate(fields):
            page, x, top = anchors.get(ANCHOR + field.name) or _foot(document, number)
            widgets.append(_add_widget(document, page, field, (x, top)))
        document.Root.AcroForm = document.make_indirect(
            Dictionary(Fields=Array(widgets), SigFlags=_SIGNED_AND_APPEND_ONLY)
        )
        ready = io.BytesIO()
        document.save(
            ready,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=True,
            fix_metadata_version=False,
        )
    return ready.getvalue()


def _anchors(document: pikepdf.Pdf) -> dict[str, tuple[Any, float, float]]:
    """Where the renderer put the elements with an id: page, x and top."""
    try:
        names = list(document.Root.Names.Dests.Names)
    except (AttributeError, KeyError):
        return {}
    return {
        str(name): (place[0], float(place[2]), float(place[3]))
        for name, place in zip(names[::2], names[1::2], strict=True)
    }


def _foot(document: pikepdf.Pdf, number: int) -> tuple[Any, float, float]:
    page = document.pages[-1].obj
    return (
        page,
        float(page.MediaBox[0]) + MARGIN + number % 2 * (WIDTH + GAP),
        MARGIN + HEIGHT * (1 + number // 2),
    )


def _add_widget(document: pikepdf.Pdf, page: Any, field: SignatureField, corner: tuple[float, float]) -> Any:
    x, top = corner
    # PDF/A wants every field to look like something: an empty drawing until it is signed.
    blank = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, WIDTH, HEIGHT])
    widget = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(field.name),
            TU=String(field.label),
            F=_PRINTED,
            P=page,
            Rect=Array([x, top - HEIGHT, x + WIDTH, top]),
            AP=Dictionary(N=blank),
        )
    )
    page.Annots = Array([*page.get("/Annots", []), widget])
    if "/StructTreeRoot" in document.Root:
        _tag(document, page, widget, field.label)
    return widget


def _tag(document: pikepdf.Pdf, page: Any, widget: Any, label: str) -> None:
    """Give the field its place in the structure, so that it is read out in order."""
    root = document.Root.StructTreeRoot
    numbers = root.ParentTree.Nums
    key = max((int(number) for number in list(numbers)[::2]), default=-1) + 1
    parent = root.K[0] if isinstance(root.K, Array) else root.K
    element = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=parent,
            Pg=page,
            Alt=String(label),
            K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page),  # not in an array: pyHanko looks for /K/Obj
        )
    )
    parent.K = Array([*(parent.K if isinstance(parent.K, Array) else [parent.K]), element])
    root.ParentTree.Nums = Array([*numbers, key, element])
    root.ParentTreeNextKey = key + 1
    widget.StructParent = key
