"""What people are shown before they ratify a version, sign it or bring it into force."""

import pytest
from django.urls import reverse

from policies import services
from policies.tests.factories import TEXT, make_draft, make_in_force, make_ratified
from schools.enums import Role
from schools.tests.factories import make_member

REWORDED = TEXT.replace("handed in at the office", "kept in the bags of their owners")


@pytest.fixture
def head(school):
    return make_member(school, Role.HEADTEACHER, name="Ada Hart")


def address(name, version):
    return reverse(f"policies:{name}", args=[version.school.slug, version.pk])


def minor_of(version, head):
    draft = make_draft(version.school, policy=version.policy, text=REWORDED)
    return services.make_minor(draft, by=head, reason="A telephone number.")


@pytest.mark.parametrize("name", ["version_minor", "version_start"])
def test_who_calls_a_version_minor_or_brings_it_into_force_sees_each_change_first(
    school, head, signed_in, name
):
    binding = make_in_force(school)
    version = minor_of(binding, head) if name == "version_start" else make_draft(
        school, policy=binding.policy, text=REWORDED
    )  # fmt: skip

    page = signed_in(head).get(address(name, version))

    assert [one["word"] for one in page.context["changed"]["counts"]] == ["1 reworded"]
    assert "bags of their owners" in page.content.decode()


def test_the_page_before_it_binds_says_that_nobody_else_has_to_agree(school, head, signed_in):
    version = minor_of(make_in_force(school), head)

    page = signed_in(head).get(address("version_start", version)).content.decode()

    assert "Nobody else has to agree to this version" in page


def test_the_page_before_it_binds_says_who_ratified_and_who_signed(school, head, signed_in):
    version = make_ratified(school)
    client = signed_in(head)

    before = client.get(address("version_start", version)).content.decode()
    services.sign_version(version, by=head)
    after = client.get(address("version_start", version)).content.decode()

    assert "Governing Body" in before
    assert "26/41" in before
    assert "Nobody has signed this version" in before
    assert "Nobody has signed this version" not in after
    assert "Signed by Ada Hart" in after


def test_a_version_that_cannot_come_into_force_has_no_page_for_it(school, head, signed_in):
    draft = make_draft(school)

    assert signed_in(head).get(address("version_start", draft)).url == draft.get_absolute_url()


@pytest.mark.parametrize(("name", "make"), [("version_ratify", make_draft), ("version_sign", make_ratified),
                                            ("version_start", make_ratified)])  # fmt: skip
def test_the_pages_of_those_who_decide_count_what_the_policy_check_found(school, head, signed_in, name, make):
    faulty = make(school, text=TEXT.replace("stay at home", "are/are not allowed"))
    sound = make(school, "Trips")
    client = signed_in(head)

    found, other = (client.get(address(name, one)).context["summary"] for one in (faulty, sound))

    assert found["url"] == f"{faulty.get_absolute_url()}#check"
    assert sum(int(one["count"].split()[0]) for one in found["groups"]) > sum(
        int(one["count"].split()[0]) for one in other["groups"]
    )


def test_the_button_on_the_page_brings_it_into_force(school, head, signed_in):
    version = make_ratified(school)
    client = signed_in(head)
    form = client.get(address("version_start", version)).context["form"]

    client.post(address("version_start", version), form.initial)

    version.refresh_from_db()
    assert version.state == "in_force"
