"""Reads of tenancy: who holds a post, which words and rules hold, which days are school days, who a learner is."""

from schools.selectors.agencies import OWN_KIND, AgencyKind, agencies, agencies_for, agency_kinds, stamp
from schools.selectors.days import (
    LAST_LISTED,
    Calendar,
    add_school_days,
    add_working_days,
    is_working_day,
    last_school_day,
    start_of,
)
from schools.selectors.people import (
    class_names,
    contacts_by_ids,
    contacts_of,
    drafts_of,
    find_learners,
    holders,
    holding,
    invitations_of,
    invited,
    late_draft,
    learners_by_ids,
    learners_of,
    learners_on_roll,
    live_membership,
    members,
    memberships_of,
    one_each,
    parents_of,
    parents_on_roll,
    people_with_role,
    trusts_of,
    user_by_id,
    with_posts,
)
from schools.selectors.words import (
    DATA,
    RuleQuestion,
    default_words,
    fill,
    own_rules,
    own_words,
    post_names,
    rule,
    rule_list,
    rule_number,
    rule_questions,
    rules,
    rules_of_schools,
    vocabulary,
    word,
    word_meanings,
)

__all__ = ["DATA", "LAST_LISTED", "OWN_KIND", "AgencyKind", "Calendar", "RuleQuestion", "add_school_days", "add_working_days", "agencies", "agencies_for", "agency_kinds", "class_names", "contacts_by_ids", "contacts_of", "default_words", "drafts_of", "fill", "find_learners", "holders", "holding", "invitations_of", "invited", "is_working_day", "last_school_day", "late_draft", "learners_by_ids", "learners_of", "learners_on_roll", "live_membership", "members", "memberships_of", "one_each", "own_rules", "own_words", "parents_of", "parents_on_roll", "people_with_role", "post_names", "rule", "rule_list", "rule_number", "rule_questions", "rules", "rules_of_schools", "stamp", "start_of", "trusts_of", "user_by_id", "vocabulary", "with_posts", "word", "word_meanings"]  # fmt: skip
