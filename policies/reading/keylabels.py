"""The labels under which policies print their key details, in the wordings met with in schools."""

import re

from policies.reading.line import one_line

PEOPLE = frozenset({"dsl", "deputy_dsl", "named_governor"})
_TAIL = r"\s*(?:\(s\)|s)?(?:\s*\([^()]{1,40}\))*\s*"
_LEAD = r"(?:safeguarding|child protection)"
_REVIEWED = r"(?:last |most recent(?:ly)? |previous )?(?:review(?:ed)?|updated?|revised?|amended)"
_AGREED = r"(?:policy )?(?:agreed|approved?|approval|ratified|ratification|adopted|adoption|signed off)"

# The order counts: a deputy is also a lead, and a next review also a review.
_WORDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "deputy_dsl",
        (
            r"(?:the |our )?ddsl",
            rf"(?:the |our )?deputy (?:dsl|designated (?:{_LEAD} )?(?:lead|person|officer)|{_LEAD} lead)",
            rf"(?:the |our )?deput(?:y|ies)(?: for {_LEAD})?(?: dsls?)?",
            rf"(?:dsl|designated {_LEAD} lead),? ?\(?deput(?:y|ies)\)?",
        ),
    ),
    (
        "dsl",
        (
            r"(?:the |our |name of (?:the )?|lead )?dsl",
            rf"(?:the |our |name of (?:the )?)?designated (?:{_LEAD} )?(?:and \w+ )?(?:lead|person|officer|teacher)(?: for {_LEAD}(?: and {_LEAD})?)?",
            rf"(?:the |our )?(?:(?:trust|school|academy|college|nursery|setting)(?:['\u2019]s)? )?{_LEAD} lead",
            rf"(?:the |our )?(?:named|nominated) person(?: for {_LEAD}(?: and {_LEAD})?)?",
        ),
    ),
    (
        "named_governor",
        (
            (
                rf"(?:the |our )?(?:(?:named|nominated|link|lead|designated|responsible|{_LEAD})[ -]*)+(?:link )?"
                r"(?:governor|trustee|governing body member)(?: (?:with|for|responsible|in)\b[\w /,&-]{0,60})?"
            ),
            r"(?:governor|trustee) (?:responsible |lead )?(?:with|for) [\w /,&-]{0,60}",
        ),
    ),
    (
        "next_review",
        (
            (
                r"(?:proposed |planned )?(?:date (?:of|for) )?(?:the )?next (?:policy )?(?:scheduled )?(?:review|update)"
                r"(?: due)?(?: date)?(?: due)?(?: by| on)?"
            ),
            r"(?:policy )?(?:review|renewal|expiry) (?:due|date|by)(?: date| on| by)?",
            r"(?:date )?(?:this |the )?(?:policy )?(?:is )?(?:for|of|due for|(?:due )?to be) (?:the )?(?:next )?review(?:ed)?(?: by| on| date| in)?",
            r"(?:date )?due for (?:next )?review",
            r"review(?: date)? (?:is )?due(?: by| on)?",
            r"(?:policy )?review",
            r"(?:next|renewal|review) due(?: date| on| by| in)?",
            r"valid until",
        ),
    ),
    (
        "ratified",
        (
            (
                rf"(?:date )?(?:of )?{_AGREED}(?:(?: and|,|/| &|/ ) ?(?:agreed|approved|ratified|adopted))*(?: (?:date|on))?"
                r"(?: (?:by|at)(?: the)?(?P<by> [^:]{3,60})?)?(?: on)?(?: date)?"
            ),
            r"(?:ratifying|approving|approval|adopting|responsible|reviewing) (?:committee|body|board|group|authority)",
            r"(?:committee|governor|board) (?:approval|ratification)(?: date)?",
        ),
    ),
    (
        "written",
        (
            (
                r"(?:date )?(?:of )?(?:policy )?(?:written|created|produced|issued?|published|publication|drafted)"
                r"(?: ?(?:/|and|or) ?(?:updated?|reviewed|revised))?(?: date| on)?"
            ),
            rf"(?:date )?(?:policy )?{_REVIEWED}(?: ?(?:/|and|or) ?(?:reviewed|updated|revised))?(?: date| on)?",
            r"date (?:of )?(?:this )?(?:policy|version|document|issue|writing|last review)",
            r"(?:policy|version|issue|effective) date",
        ),
    ),
    (
        "setting",
        (r"(?:name of (?:the )?|our )?(?:school|academy|setting|nursery|college|organisation)(?: name)?",),
    ),
    ("date", (r"on", r"dated?")),
    (
        "other",
        (
            r"version(?: control| number| no\.?)?",
            r"status",
            r"author",
            r"owner",
            r"(?:trust |school |academy )?(?:policy|document) (?:owner|author|lead|holder|number|no\.?|type|title|name|ref(?:erence)?(?: number| no\.?)?|code|status|version|category|level)",
            r"title",
            r"document",
            r"(?:executive |co-|acting |interim |associate |assistant |deputy )?head ?teacher|principal|ceo|chief executive(?: officer)?|(?:nursery |centre |setting |business |office |site )?manager|head of (?:centre|school|college)",
            r"(?:vice[ -])?chair(?:person)? of (?:the )?(?:governors|trustees|governing (?:body|board)|board|committee)",
            r"ref(?:erence)?",
            r"statutory",
            r"(?:review )?(?:cycle|period|frequency|interval)",
            r"signed(?: by)?|signature",
            r"(?:governors['\u2019]? |board |trust )?committee",
            r"(?:member of staff|person|people|leader|senior leader|post) responsible|(?:policy |lead )?(?:lead|member of staff)",
            r"(?:equality|data protection|privacy).{0,30}",
            r"applies to|scope|effective (?:from|to)|in force from|distribution|circulation|location|linked? (?:to|with)",
            r"(?:date )?shared with .{3,30}|consult(?:ed|ation)(?: with)?.{0,30}",
            r"frequency of review|reviewed? (?:how often|every)|policy level",
            r"name",
            r"responsib(?:le|ility).{0,40}",
            r"(?:last )?(?:prepared|written|reviewed|updated) by",
            r"approval level",
            r"published|website|category|audience",
            r"minute.{0,20}",
        ),
    ),
)
_KINDS = tuple(
    (kind, re.compile(f"^(?:{'|'.join(forms)}){_TAIL}$", re.IGNORECASE)) for kind, forms in _WORDINGS
)
_RATIFIED = dict(_KINDS)["ratified"]
_MAX_LABEL = 110


def kind_of(label: str) -> str:
    """Which detail a label stands for: a field name, "setting", "date", "other", or "" for none."""
    label = one_line(label).strip(" :-\u2013*\u2022")
    if len(label) > _MAX_LABEL:
        return ""
    return next((kind for kind, pattern in _KINDS if pattern.match(label)), "")


def is_label(text: str) -> bool:
    """Whether the text names a detail."""
    return bool(kind_of(text))


def named_body(label: str) -> str:
    """The body that a label such as "Ratified by Trustees" names."""
    found = _RATIFIED.match(one_line(label).strip(" :-"))
    return (found.group("by") or "").strip() if found else ""
