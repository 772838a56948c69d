"""The closed lists of tenancy, stored as plain values."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    """A post that a person holds in a school for a time."""

    DSL = "dsl", "Designated Safeguarding Lead"
    DEPUTY_DSL = "deputy_dsl", "Deputy Designated Safeguarding Lead"
    HEADTEACHER = "headteacher", "Headteacher"
    HEAD_OF_SCHOOL = "head_of_school", "Head of School"
    LEADERSHIP = "leadership", "Leadership team"
    NAMED_GOVERNOR = "named_governor", "Named governor for safeguarding"
    GOVERNOR = "governor", "Governor"
    CHAIR = "chair", "Chair of governors"
    CLERK = "clerk", "Clerk to the governors"
    OFFICE = "office", "Office staff"
    STAFF = "staff", "Member of staff"
    IT = "it", "IT technician"
    ADMIN = "admin", "Administrator of PolicyHub"
    ACCOUNT_MANAGER = "account_manager", "Manager of a social media account"


class Permission(TextChoices):
    """What a role may do. The table is schools.permissions.ROLE_PERMISSIONS."""

    HOME = "home", "See their own home page"
    POLICY_READ = "policy_read", "Read and acknowledge policies in force"
    POLICY_MANAGE = "policy_manage", "Import policies and prepare versions"
    POLICY_RATIFY = "policy_ratify", "Record ratification"
    POLICY_SIGN = "policy_sign", "Sign a ratified version"
    POLICY_STANDING = "policy_standing", "See who has acknowledged"
    POLICY_RECORD = "policy_record", "See how a version of a policy came about"
    POLICY_CLASS = "policy_class", "Collect acknowledgements from a class"
    POLICY_COLLECT = "policy_collect", "Record inductions and acknowledgements of others"
    LEARNER_FIND = "learner_find", "Find a learner by name"
    CONCERN_LOG = "concern_log", "Log a concern and follow their own"
    CONCERN_READ = "concern_read", "Read concerns about children"
    CONCERN_WORK = "concern_work", "Triage, add to and close concerns about children"
    STAFF_CONCERN_READ = "staff_concern_read", "Read and work concerns about adults"
    DEVICE_RECEIVE = "device_receive", "Book a device in"
    DEVICE_DESK = "device_desk", "Work the devices desk and give devices back"
    DEVICE_HOLD = "device_hold", "Put a device on hold and lift the hold"
    REGISTER_READ = "register_read", "Read the registers"
    REGISTER_ADD = "register_add", "Add checks of filtering and monitoring"
    REGISTER_WRITE = "register_write", "Keep every register"
    REPORT_READ = "report_read", "Read published term reports"
    REPORT_PREPARE = "report_prepare", "Prepare and publish the term report"
    PEOPLE_MANAGE = "people_manage", "Manage people and posts"
    AGENCY_MANAGE = "agency_manage", "Keep the directory of outside contacts"
    SETTINGS_MANAGE = "settings_manage", "Change vocabulary, rules and terms"


class Group(TextChoices):
    """How a person belongs to the school; all of them are "staff" in the sense of the policies."""

    STAFF = "staff", "Staff"
    GOVERNOR = "governor", "Governor or trustee"
    VOLUNTEER = "volunteer", "Volunteer"
    CONTRACTOR = "contractor", "Contractor or provider"


class SchoolKind(TextChoices):
    """The kinds of setting that guidance tells apart."""

    MAINTAINED = "maintained", "Maintained school"
    ACADEMY = "academy", "Academy"
    INDEPENDENT = "independent", "Independent school"
    NURSERY = "nursery", "Nursery"


class Relationship(TextChoices):
    """How a contact stands to a learner."""

    MOTHER = "mother", "Mother"
    FATHER = "father", "Father"
    CARER = "carer", "Carer"
    GRANDPARENT = "grandparent", "Grandparent"
    OTHER = "other", "Other"
