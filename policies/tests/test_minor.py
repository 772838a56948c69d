"""Minor versions: numbered after the major one, in force without anybody's yes, and read already."""

import pytest

from core import audit
from core.errors import Conflict, InvalidTransition, PermissionRefused, WrongValue
from core.models import AuditEvent, OutgoingMail
from policies import selectors, services
from policies.enums import VersionState as V
from policies.models import Acknowledgement, PolicyVersion
from policies.tests.factories import TESTS, make_draft, make_in_force, make_ratified
from schools.enums import Role
from schools.tests.factories import make_member

WHY = "A telephone number was wrong."


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL)


@pytest.fixture
def binding(school):
    return make_in_force(school)


@pytest.fixture
def minor(school, binding, dsl):
    return services.make_minor(make_draft(school, policy=binding.policy), by=dsl, reason=WHY)


def missing(version):
    standing = Acknowledgement.objects.standing_for(version)
    return selectors.acknowledgement_progress(version, standing).missing


def labels(policy):
    return [(one.label, one.state) for one in policy.versions.newest_first()]


def test_minor_versions_count_up_behind_the_major_one(school, binding, minor, dsl):
    other = services.make_minor(make_draft(school, policy=binding.policy), by=dsl, reason=WHY)

    assert (minor.label, other.label, make_draft(school, policy=binding.policy).label) == ("1.1", "1.2", "2")
    entry = AuditEvent.objects.get(action="policy_version.renumbered", object_id=str(minor.pk))
    assert audit.payload_of(entry)["changes"] == {"label": ["2", "1.1"], "minor_reason": ["", WHY]}


def test_a_minor_version_becomes_a_major_one_again(minor, dsl):
    major = services.make_major(minor, by=dsl)

    assert (major.label, major.minor_reason) == ("2", "")


def test_a_minor_version_binds_without_being_ratified_or_read_again(school, binding, minor, dsl):
    staff = make_member(school, Role.STAFF)
    services.acknowledge_version(binding, by=staff)
    mails = OutgoingMail.objects.count()

    version = services.bring_into_force(minor, by=make_member(school, Role.CLERK))

    assert labels(binding.policy) == [("1.1", V.IN_FORCE), ("1", V.SUPERSEDED)]
    stood_on = ("ratified", "ratifying_body", "minute_reference", "next_review", "acknowledge_by")
    assert all(getattr(version, name) == getattr(binding, name) != "" for name in stood_on)
    assert OutgoingMail.objects.count() == mails
    assert staff not in missing(version)
    assert [one.done for one in selectors.acknowledgement_figures(school)] == [1]
    assert [one.to_acknowledge for one in selectors.library(staff)] == [False]
    assert services.acknowledge_version(version, by=staff).version == binding


def test_a_major_version_is_to_be_read_again(school, binding):
    staff = make_member(school, Role.STAFF)
    services.acknowledge_version(binding, by=staff)

    newer = make_in_force(school, policy=binding.policy)

    assert staff in missing(newer)
    assert [one.done for one in selectors.acknowledgement_figures(school)] == [0]
    assert [one.to_acknowledge for one in selectors.library(staff)] == [True]


def test_a_minor_version_stays_where_the_major_one_was_published(binding, minor, dsl):
    services.publish_version(binding, by=dsl)

    services.bring_into_force(minor, by=TESTS)

    assert [one.label for one in PolicyVersion.objects.published()] == ["1.1"]


def test_a_minor_version_needs_a_reason_a_version_to_amend_and_the_right(school, binding, dsl):
    draft = make_draft(school, policy=binding.policy)

    with pytest.raises(WrongValue, match="Say why"):
        services.make_minor(draft, by=dsl, reason="  ")
    with pytest.raises(PermissionRefused):
        services.make_minor(draft, by=make_member(school, Role.STAFF), reason=WHY)
    with pytest.raises(InvalidTransition, match="Nothing is in force"):
        services.make_minor(make_draft(school, "Another"), by=dsl, reason=WHY)
    with pytest.raises(InvalidTransition, match="no draft any more"):
        services.make_minor(make_ratified(school, policy=binding.policy), by=dsl, reason=WHY)
    services.make_minor(draft, by=dsl, reason=WHY)
    with pytest.raises(Conflict, match=r"version 1\.1 is now draft"):
        services.make_minor(draft, by=dsl, reason=WHY)


def test_a_minor_version_does_not_follow_what_it_does_not_amend(school, binding, minor):
    make_in_force(school, policy=binding.policy)

    with pytest.raises(InvalidTransition, match="Version 1, which it amends"):
        services.bring_into_force(minor, by=TESTS)


def test_an_older_minor_version_does_not_follow_a_newer_one(school, binding, minor, dsl):
    newer = services.make_minor(make_draft(school, policy=binding.policy), by=dsl, reason=WHY)
    services.bring_into_force(newer, by=TESTS)

    with pytest.raises(InvalidTransition, match=r"Version 1\.2 is in force, which is newer"):
        services.bring_into_force(minor, by=TESTS)


def test_a_minor_version_is_not_ratified(minor):
    with pytest.raises(InvalidTransition, match=r"Version 1\.1 is draft"):
        services.ratify_version(minor, by=TESTS, body="Trustees", on="2026-10")
