"""`manage.py check_policy`: a file or an id, with and without a school, as JSON and nothing else."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from policies.tests.factories import TESTS, TEXT, make_draft
from schools.enums import Role
from schools.services import set_rule
from schools.tests.factories import make_member

SEARCH = TEXT.replace(
    "Smart watches stay at home.", "Phones may be searched when the pupil or a parent agrees."
)


def checked(capsys, *arguments):
    """What the command prints, read as JSON."""
    call_command("check_policy", *map(str, arguments), "--json")
    [document] = json.loads(capsys.readouterr().out)["documents"]
    return document


@pytest.fixture
def policy_file(tmp_path):
    path = tmp_path / "policy.txt"
    path.write_text(SEARCH)
    return path


@pytest.mark.requirement("R026")
def test_a_file_gives_title_and_findings_in_the_agreed_shape(policy_file, capsys):
    document = checked(capsys, policy_file, "--on", "2027-11-01")

    assert document["title"] == "Phones and Devices Policy"
    [finding] = document["findings"]
    assert {"code", "severity", "where", "message", "what_to_do"} <= set(finding)
    assert (finding["code"], finding["severity"], finding["where"]) == ("review-overdue", "error", "")


@pytest.mark.django_db
def test_with_a_school_the_text_is_compared_with_its_people_rules_and_policies(school, policy_file, capsys):
    set_rule(school, "search_rule", "reasonable_grounds", by=TESTS)
    make_member(school, Role.DSL, name="Ada Hart")

    document = checked(capsys, policy_file, "--school", school.slug, "--on", str(timezone.localdate()))

    found = {(one["code"], one["where"]) for one in document["findings"]}
    assert {("rule-mismatch", "2.2"), ("role-mismatch", ""), ("missing-companion", "1.2")} <= found


@pytest.mark.django_db
@pytest.mark.parametrize("named", ["version", "policy"])
def test_a_version_held_here_is_found_by_its_id_or_that_of_its_policy(school, capsys, named):
    version = make_draft(school, text=SEARCH)
    identity = version.pk if named == "version" else version.policy_id

    document = checked(capsys, identity, "--on", "2027-11-01")

    assert document["title"] == version.title
    assert "review-overdue" in {one["code"] for one in document["findings"]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere.txt"], "nowhere.txt cannot be opened"),
        ([str(uuid4())], "is held here"),
        (["{file}", "--school", "no-such-school"], "There is no school called no-such-school."),
        (["{file}", "--on", "21.11.2026"], "write it as 2026-10-12"),
    ],
)
def test_what_cannot_be_checked_ends_with_two_and_a_sentence(policy_file, capsys, arguments, sentence):
    with pytest.raises(SystemExit) as ended:
        call_command("check_policy", *(one.format(file=policy_file) for one in arguments), "--json")

    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert sentence in said.err
