"""From files to drafts: what is kept, what is refused, and clauses that stay the same from version to version."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from core.errors import Conflict, DomainError, PermissionRefused
from core.models import AuditEvent
from policies import services
from policies.models import Clause, Policy, PolicyVersion, Section, SourceFile
from policies.services import DraftDetails
from policies.tests.factories import TESTS, TEXT, make_draft, make_in_force
from schools.enums import Role
from schools.tests.factories import make_member

TWO = (
    TEXT
    + "\n\n"
    + TEXT.replace("Phones and Devices Policy", "Social Media Policy").replace("Phones", "Posts")
)


def encrypted_pdf() -> bytes:
    import pikepdf  # noqa: PLC0415 - only this file is made with it

    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made, encryption=pikepdf.Encryption(owner="o", user="u"))
    return made.getvalue()


def half_a_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<w/>" * 400)
    return made.getvalue()[:80]


BAD = {
    "an image": ("policy.png", b"\x89PNG\r\n\x1a\n" + bytes(400)),
    "a program": ("policy.exe", b"MZ" + bytes(400)),
    "a damaged Word file": ("policy.docx", half_a_zip()),
    "a damaged PDF": ("policy.pdf", b"%PDF-1.7\n" + bytes(300)),
    "an encrypted PDF": ("policy.pdf", encrypted_pdf()),
    "a zip without a document": ("policy.docx", b"PK\x05\x06" + bytes(18)),
    "nothing but spaces": ("policy.txt", b"   \n\n  "),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_file_that_cannot_be_read_is_refused_and_nothing_is_stored(school, signed_in, bad):
    client = signed_in(make_member(school, Role.HEADTEACHER))
    name, data = BAD[bad]

    page = client.post(
        reverse("policies:document_upload", args=[school.slug]), {"file": SimpleUploadedFile(name, data)}
    )

    sentences = page.context["form"].errors["file"]
    assert page.status_code == 200
    assert [sentence.endswith(".") and len(sentence) > 20 for sentence in sentences] == [True]
    assert (SourceFile.objects.count(), Policy.objects.count()) == (0, 0)


def test_an_empty_file_is_refused(school, signed_in):
    client = signed_in(make_member(school, Role.HEADTEACHER))

    page = client.post(
        reverse("policies:document_upload", args=[school.slug]), {"file": SimpleUploadedFile("a.txt", b"")}
    )

    assert page.context["form"].errors["file"] == [
        "The file is empty. Choose the file that holds the policy."
    ]
    assert SourceFile.objects.count() == 0


def test_a_file_of_100_mb_is_refused_before_it_is_read(school, signed_in, monkeypatch):
    client = signed_in(make_member(school, Role.HEADTEACHER))
    large = SimpleUploadedFile("large.txt", b"a")
    large.size = 100 * 1024**2
    with pytest.raises(DomainError, match="100 MB; 20 MB is the most"):
        services.check_size(large.size)

    with override_settings(UPLOAD_MAX_BYTES=1000):
        page = client.post(
            reverse("policies:document_upload", args=[school.slug]),
            {"file": SimpleUploadedFile("a.txt", b"a" * 1001)},
        )

    assert "is the most" in page.context["form"].errors["file"][0]
    assert SourceFile.objects.count() == 0


@pytest.mark.requirement("R001")
def test_one_file_gives_two_policies_with_their_own_versions(school):
    source = services.import_document(school, TWO.encode(), "two.txt", by=TESTS)

    titles = [document["title"] for document in source.reading["documents"]]
    for position, title in enumerate(titles):
        services.save_draft(source, position, DraftDetails(title=title), by=TESTS)

    assert titles == ["Phones and Devices Policy", "Social Media Policy"]
    assert sorted(Policy.objects.values_list("title", "versions__number")) == [(title, 1) for title in titles]


@pytest.mark.requirement("R016", "R017")
def test_labels_and_unused_sections_are_kept_as_printed(school):
    version = make_draft(school)

    assert list(version.sections.values_list("label", "heading", "status")) == [
        ("1.", "Policy aims and scope", "in use"),
        ("2.", "Use of devices", "in use"),
        ("3.", "Smart speakers", "not used"),
        ("4.", "Monitoring and review", "in use"),
    ]
    assert list(version.clauses.values_list("label", flat=True)) == ["1.1", "1.2", "2.1", "2.2", "4.1"]


def test_the_original_is_kept_and_given_back_as_a_download_only(school, signed_in):
    version = make_draft(school)
    client = signed_in(make_member(school, Role.HEADTEACHER))

    response = client.get(reverse("policies:source_download", args=[school.slug, version.source_id]))

    assert response.content == TEXT.encode()
    assert response["Content-Disposition"] == 'attachment; filename="policy.txt"'
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == (
        "application/octet-stream",
        "nosniff",
    )
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_clause_keeps_its_id_when_it_is_renumbered_or_reworded_in_place(school):
    first = make_draft(school)
    changed = TEXT.replace("2.1 Phones", "2.3 Phones").replace(
        "Smart watches stay at home", "Smart watches stay in bags"
    )
    second = make_draft(school, text=changed, policy=first.policy)

    before = {clause.text: clause.stable_id for clause in first.clauses.all()}
    after = {clause.text: clause.stable_id for clause in second.clauses.all()}

    assert second.number == 2
    assert (
        after["Phones are handed in at the office when the day begins."]
        == before["Phones are handed in at the office when the day begins."]
    )
    assert after["Smart watches stay in bags."] == before["Smart watches stay at home."]
    assert len(set(after.values())) == len(after)


def test_a_clause_keeps_its_id_when_what_stands_before_it_is_new(school):
    first = make_draft(school)
    changed = TEXT.replace(
        "2.1 Phones are handed in at the office when the day begins.\n2.2 Smart watches stay at home.",
        "2.1 Visitors leave their phones at reception.\n2.2 Phones are handed in at the gate when the day begins.\n"
        "2.3 Smart watches stay at home.",
    )
    second = make_draft(school, text=changed, policy=first.policy)

    before = {clause.label: clause.stable_id for clause in first.clauses.all()}
    after = {clause.label: clause.stable_id for clause in second.clauses.all()}

    assert (after["2.2"], after["2.3"]) == (before["2.1"], before["2.2"])
    assert after["2.1"] not in before.values()


def test_the_same_form_with_another_file_is_told(school):
    first = services.import_document(school, TEXT.encode(), "a.txt", by=TESTS)

    with pytest.raises(Conflict, match="This form was sent before"):
        services.import_document(school, TWO.encode(), "b.txt", by=TESTS, client_ref=first.client_ref)

    assert SourceFile.objects.count() == 1


def test_importing_needs_the_right_and_leaves_an_entry(school):
    with pytest.raises(PermissionRefused):
        services.import_document(school, TEXT.encode(), "a.txt", by=make_member(school, Role.STAFF))
    lead = make_member(school, Role.DSL)

    source = services.import_document(school, TEXT.encode(), "a.txt", by=lead)

    entry = AuditEvent.objects.order_by("-seq").first()
    assert (entry.action, entry.object_id, entry.actor_id) == (
        "policy_file.uploaded",
        str(source.pk),
        lead.actor_id,
    )


def test_wrong_dates_in_the_preview_change_nothing_and_keep_what_was_typed(school, signed_in):
    source = services.import_document(school, TEXT.encode(), "a.txt", by=TESTS)
    client = signed_in(make_member(school, Role.DSL))
    typed = {"title": "Kept title", "kind": "other", "owner_role": "dsl", "written": "sometime last year"}
    typed["text"] = "# 1. | Rules"

    page = client.post(reverse("policies:document_preview", args=[school.slug, source.pk]), typed)

    assert list(page.context["form"].errors) == ["written"]
    assert "Kept title" in page.content.decode()
    assert PolicyVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12 October 2026", "2026-10-12"),
        ("1st May 2026", "2026-05-01"),
        ("October 2026", "2026-10"),
        ("12/10/2026", "2026-10-12"),
        ("2026-10", "2026-10"),
        ("", ""),
    ],
)
@pytest.mark.requirement("R003")
def test_dates_are_typed_as_people_write_them_and_no_day_is_invented(typed, kept):
    from policies.forms import PartDateField  # noqa: PLC0415

    assert PartDateField(required=False).clean(typed) == kept


def run(tmp_path, data: bytes, *options: str, name: str = "policy.txt"):
    file = tmp_path / name
    file.write_bytes(data)
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_policy", str(file), *options, stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_prints_json_alone_and_stores_nothing_without_a_school(school, tmp_path):
    code, out, err = run(tmp_path, TEXT.encode(), "--json")

    document = json.loads(out)["documents"][0]
    assert (code, err, SourceFile.objects.count()) == (0, "", 0)
    assert document["key_details"]["next_review"] == "2027-10"
    assert set(document) >= {
        "title",
        "setting",
        "key_details",
        "sections",
        "linked_policies",
        "guidance",
        "findings",
    }


@pytest.mark.parametrize("options", [("--dry-run",), ("--dry-run", "--json")])
def test_the_dry_run_stores_nothing(school, tmp_path, options):
    code, _, err = run(tmp_path, TEXT.encode(), "--school", school.slug, *options)

    assert (code, err) == (0, "")
    assert [model.objects.count() for model in (SourceFile, Clause, Section)] == [0, 0, 0]


def test_the_command_saves_drafts_and_makes_the_next_version_of_the_same_title(school, tmp_path):
    make_in_force(school, "Phones and devices policy")

    code, out, _ = run(tmp_path, TEXT.encode(), "--school", school.slug)

    assert code == 0
    assert "Saved as a draft: Phones and Devices Policy, version 2." in out
    assert sorted(PolicyVersion.objects.values_list("number", "state", "written")) == [
        (1, "in_force", ""),
        (2, "draft", "2026-09"),
    ]


@pytest.mark.parametrize("bad", BAD)
def test_the_command_answers_2_with_one_sentence(school, tmp_path, bad):
    name, data = BAD[bad]

    code, out, err = run(tmp_path, data, "--json", "--school", school.slug, name=name)

    assert (code, out, err.count("\n"), SourceFile.objects.count()) == (2, "", 1, 0)
    assert err.rstrip().endswith(".")


def test_the_command_names_a_school_that_is_not_there(db, tmp_path):
    assert run(tmp_path, TEXT.encode(), "--school", "nowhere") == (
        2,
        "",
        "There is no school called nowhere.\n",
    )
