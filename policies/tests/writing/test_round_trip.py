"""What is imported, exported and imported again is the same JSON, by the command and by the page."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from policies import services
from policies.models import PolicyVersion
from policies.tests.factories import TESTS, TEXT, make_draft
from policyhub.demo import data
from schools.enums import Role
from schools.tests.factories import make_member

DEMO = sorted({row["file"] for row in data.read("policies")["policies"]})
DATES = {"written": "September 2026", "ratified": "12 October 2026", "next_review": "October 2027"}


def read(path) -> list[dict[str, object]]:
    out = StringIO()
    call_command("import_policy", str(path), "--json", stdout=out)
    return json.loads(out.getvalue())["documents"]


def exported(version: PolicyVersion, path) -> list[dict[str, object]]:
    call_command("export_policy", str(version.pk), str(path), stdout=StringIO())
    return read(path)


@pytest.mark.parametrize("name", DEMO)
def test_a_policy_of_the_demonstration_comes_back_the_same(school, tmp_path, name):
    text = data.policy_text(name).format(**DATES)
    (tmp_path / "policy.txt").write_text(text)
    call_command("import_policy", str(tmp_path / "policy.txt"), "--school", school.slug, stdout=StringIO())

    again = exported(PolicyVersion.objects.get(), tmp_path / "again.docx")

    assert again == read(tmp_path / "policy.txt")
    assert again[0]["sections"]


def test_what_was_written_here_comes_back_the_same(school, tmp_path):
    draft = make_draft(school)
    clause = draft.clauses.get(label="2.1")
    services.reword_clause(
        draft, ("2.1", "1.1 Not a label,\r\n• not a bullet\x0b."), by=TESTS, clause=clause.stable_id
    )

    again = exported(draft, tmp_path / "written.docx")

    assert again[0]["sections"][1]["clauses"][0]["text"] == "1.1 Not a label,\n• not a bullet."
    assert clause.version.clauses.get(label="2.1").text == "1.1 Not a label,\n• not a bullet."


def test_the_page_gives_the_word_file_to_those_who_prepare(school, signed_in, tmp_path):
    draft = make_draft(school)
    address = reverse("policies:version_word", args=[school.slug, draft.pk])

    answer = signed_in(make_member(school, Role.DSL)).get(address)

    (tmp_path / "a.docx").write_bytes(answer.content)
    (tmp_path / "a.txt").write_text(TEXT)
    assert read(tmp_path / "a.docx")[0]["sections"] == read(tmp_path / "a.txt")[0]["sections"]
    assert 'filename="phones-and-devices-version-1.docx"' in answer["Content-Disposition"]
    assert signed_in(make_member(school, Role.STAFF)).get(address).status_code == 403


def test_the_command_says_what_it_cannot_do(school, tmp_path, capsys):
    (tmp_path / "there.docx").write_bytes(b"kept")
    draft = make_draft(school)

    for identity, name in ((school.pk, "new.docx"), (draft.pk, "there.docx")):
        with pytest.raises(SystemExit) as stopped:
            call_command("export_policy", str(identity), str(tmp_path / name))
        assert stopped.value.code == 2

    assert (tmp_path / "there.docx").read_bytes() == b"kept"
