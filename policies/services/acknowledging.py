"""A member says that they have read a version and will follow it."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from core import audit
from core.errors import InvalidTransition
from policies.models import Acknowledgement, PolicyVersion
from policies.selectors import told_before
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import check_actor


def acknowledge_version(version: PolicyVersion, *, by: Membership) -> Acknowledgement:
    """Records that a member has read a version in force; a second time, or after a minor change, gives the first record back.

    The audit entry holds what they were told about monitoring before they agreed.
    """
    check_actor(by, Permission.POLICY_READ, version.school_id)
    try:
        with transaction.atomic():
            # Locked, so that nobody agrees to a version that is being superseded.
            now = (
                PolicyVersion.objects.select_for_update()
                .only("state", "number", "amendment", "minor", "policy_id")
                .get(pk=version.pk)
            )
            if not now.is_binding:
                raise InvalidTransition(
                    f"Version {now.label} is {now.get_state_display().lower()}. Read the version that is in force."
                )
            earlier = Acknowledgement.objects.standing_for(version).filter(member=by).first()
            return earlier or _record(version, by)
    except IntegrityError:
        return Acknowledgement.objects.given().get(version=version, member=by)


def _record(version: PolicyVersion, by: Membership) -> Acknowledgement:
    acknowledgement = Acknowledgement(school_id=version.school_id, version=version, member=by)
    acknowledgement.save(force_insert=True)
    told = told_before(version.policy).monitoring
    changes = {"told_before": [None, told]} if told else None
    audit.record(
        "policy_version.acknowledged", by=by, school_id=version.school_id, target=version, changes=changes
    )
    return acknowledgement
