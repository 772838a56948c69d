"""What a policy leans on: other policies, the template it grew from, its licence and scope."""

import re
from collections.abc import Iterable

from policies.reading.document import Clause, Scope, Section
from policies.reading.limits import SCANNED

_LINK_HEADING = re.compile(
    r"\b(?:links?|linked|related|associated|relevant|connected|supporting|complementary|cross[- ]?referenc\w*|other|read (?:alongside|with|in conjunction))\b.*\b(?:polic|document|procedure)"
    r"|\bpolic(?:y|ies)\b.*\b(?:links?|cross[- ]?referenc\w*)\b|^see also\b|^read (?:this )?(?:with|alongside)\b",
    re.IGNORECASE,
)
_READ_WITH = re.compile(
    r"\b(?:read|considered|used|operates?|works?|applied) (?:(?:in conjunction|together|alongside|along|in combination)\b)(?: with)?"
    r"(?: (?:the following|our|the|other|school|school.s|these|and|policies|relevant|related))*:?\s*(?P<rest>[^.]*)",
    re.IGNORECASE,
)
_LINKS_WITH = re.compile(
    r"\b(?:links?|linked|relates?|related|refers?|connects?) (?:closely )?(?:with|to)\b.{0,60}\bpolicies",
    re.IGNORECASE,
)
_LINKS_TO = re.compile(
    r"\b(?:policy|it|this) (?:is )?(?:also )?(?:closely )?(?:links?|linked|relates?|related|connects?|refers?) (?:closely )?(?:with|to)\b(?P<rest>[^.:]{0,400})",
    re.IGNORECASE,
)
_READ_WITH_THIS = re.compile(
    r",? (?:which|that|and this) (?:should|must|is to|can) be read (?:in conjunction|together|alongside|along)(?: with)? this",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<![\w\u2019'-])(?P<name>(?!(?:This|The|Our|Its|That|Each|Every|Any|All|A|An|See|If|In|Under|Please|Refer|Model|Draft|Local|National|Government|County|Council|New|Other|Relevant|Related) )"
    r"[A-Z][\w\u2019'&/-]*(?:,? (?:and |of |for |the |with |to |in |on |& )*(?:\([A-Z][\w ]{1,20}\)|[A-Z][\w\u2019'&/-]*)){0,8}? (?:Policy|Procedures?|Code of Conduct|Protocol)|(?:Staff )?Code of Conduct)\b(?! (?:Template|Statement|Team|Board|Group|Committee|Framework|Library|Hub))"
)
_NO_POLICY = re.compile(
    r"\b(?:Safeguarding (?:Children|Partnership|Board)|Partnership|Council|Authority|Government|National|DfE|Model|Version|Policy (?:Name|Title))\b.*\b(?:Procedures?|Policy)$"
)
_SEVERAL = re.compile(
    r"\b(?:policy|procedures?|code of conduct|agreement)\b(?=\s*(?:[,;]|\band\b))", re.IGNORECASE
)
_COLUMN_HEAD = re.compile(
    r"^(?:policy|policies|document|title|name|reference|ref\.?|code|number|no\.?|location|owner|link|where|lead|review)(?: (?:name|title|reference|number|code))?$",
    re.IGNORECASE,
)
_SEE = re.compile(
    r"\b(?:[Ss]ee|[Rr]efer to|[Cc]onsult)(?: also)?(?: our| the| also)* (?P<rest>(?:[A-Z][\w\u2019'&/()-]*,? (?:(?:and|of|for|the|to|in|on) )*){1,8}?(?:Policy|Procedures?|Code of Conduct)\b)"
)
_POLICY = re.compile(
    r"(?P<name>[\w\u2019'&/()-]+(?:[ ,]+[\w\u2019'&/()-]+){0,9}?\s(?:policy|procedures?|code of conduct|agreements?|statement)(?:\s(?:and|&)\sprocedures?)?|(?:staff )?code of conduct)(?=[\s,;.)]|$)",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"^(?P<names>.+?)\s+policies$", re.IGNORECASE)
_EDGE = re.compile(
    r"^(?:and|our|the|with|or|its|of|including|also|as well as|following|this policy)\s+", re.IGNORECASE
)
_LEAD_IN = re.compile(
    r"^.*\b(?:is|are|in|with|to|see|by|within|under|at) (?:also )?(?:our|the|its|school) ", re.IGNORECASE
)
_COMMON = frozenset("policy policies procedure procedures and the our of school staff".split())  # noqa: SIM905 plain words
_MAX_ITEM = 150
_MAX_LIST = 400

_TEMPLATE = re.compile(
    r"\b(?:building|built|based|modelled|drawing) (?:up)?on (?-i:the )?(?P<name>[^.;]{3,140}?\b(?:template|model policy|exemplar))"
    r"|\badapted from (?-i:the )?(?P<other>[^.;]{3,140}?\b(?:template|model policy|exemplar))",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    r"\b(?:copyright|©|licen[cs]ed? under|creative commons)\b.*\b(?:held|owned|permission|permitted|granted|acknowledged|reserved|licen[cs]e|commons)\b",
    re.IGNORECASE,
)
_APPLIES = re.compile(
    r"\b(?:polic(?:y|ies)|they|it) (?:also )?(?:appl(?:y|ies)|covers?|extends?) (?:to|all|both|the)?\b",
    re.IGNORECASE,
)
_PEOPLE = (
    "governors", "governing body", "governing board", "trustees", "leadership team", "teachers", "support staff", "staff", "external contractors",
    "contractors", "visitors", "volunteers", "learners", "pupils", "students", "children", "parents/carers", "parents and carers", "parents",
    "carers",
)  # fmt: skip
_TECHNOLOGY = (
    "internet", "computers", "laptops", "tablets", "mobile phones", "smartphones", "e-readers", "games consoles", "smart watches", "smartwatches",
    "fitness trackers", "wearable technology", "mobile technology", "smart technology", "cameras", "social media", "blogs", "wikis", "social networking sites", "forums", "bulletin boards",
    "online gaming", "apps", "video/photo sharing sites", "chatrooms", "instant messenger", "email", "artificial intelligence",
)  # fmt: skip
_PLACES = {
    "on site": re.compile(r"\bon(?:[ -]?site| (?:and|or) off[ -])", re.IGNORECASE),
    "off site": re.compile(r"\boff[ -]?(?:the )?(?:site|premises)", re.IGNORECASE),
}


def linked_policies(sections: Iterable[Section], title: str = "") -> tuple[str, ...]:
    """The policies this one names as its companions, as printed; never itself."""
    names: list[str] = []
    named: list[str] = []
    for section in sections:
        if _LINK_HEADING.search(section.heading):
            names.extend(_in_section(section.clauses))
        else:
            names.extend(_in_clauses(section.clauses))
        named.extend(name for clause in section.clauses for name in _named_in(clause.text[:SCANNED]))
    listed = [_core(name) for name in names]
    names += [name for name in named if not any(_core(name) <= words for words in listed)]
    held = {_key(name): name for name in reversed(names)}
    for own in (title, "this policy", "policy", "these policies", "other policies"):
        held.pop(_key(own), None)
    return tuple(held.values())[::-1]


def _key(name: str) -> str:
    return re.sub(r"\W+", "", name).casefold()


def _in_section(clauses: tuple[Clause, ...]) -> list[str]:
    """In a section about other policies each short item is one; sentences are searched."""
    names: list[str] = []
    for clause in clauses:
        text = clause.text.strip()
        if " | " in text:
            names.extend(_in_row(text.split(" | ")))
        elif len(_SEVERAL.findall(text)) > 1 or (_SEVERAL.search(text) and text.endswith(".")):
            names.extend(_in_sentence(text[:SCANNED]) or policies_in(text[:SCANNED]))
        elif _is_item(text):
            names.append(_trimmed(text))
        elif not text.endswith(":"):
            names.extend(_in_sentence(text[:SCANNED]) or policies_in(text[:SCANNED]))
    return [name for name in names if name]


def _in_row(cells: list[str]) -> list[str]:
    """The policy that a row of a table names: the cell that says it is one, else the first; none in the row of the columns' names."""
    if all(_COLUMN_HEAD.match(cell.strip()) for cell in cells):
        return []
    said = [cell for cell in cells if _POLICY.search(cell) and len(cell) <= _MAX_ITEM]
    return [_trimmed((said or cells)[0])]


def _is_item(text: str) -> bool:
    if (
        len(text) > _MAX_ITEM
        or text.endswith(":")
        or re.search(
            r"\b(?:this|these|following|will|must|should) (?:policy|policies|be|read|links?)\b|\bpolicies (?:and|are|which)\b.*\bare\b",
            text,
            re.IGNORECASE,
        )
    ):
        return False
    return not re.search(r"^(?:www\.|https?://)", text)


def _in_clauses(clauses: tuple[Clause, ...]) -> list[str]:
    """Elsewhere, what a sentence of "read alongside" names, and the list it opens."""
    names: list[str] = []
    for index, clause in enumerate(clauses):
        found = _READ_WITH.search(clause.text[:SCANNED])
        names.extend(_in_sentence(clause.text[:SCANNED]))
        if clause.text.endswith(":") and (found or _LINKS_WITH.search(clause.text)):
            names.extend(_list_after(clauses, index))
    return names


def _in_sentence(text: str) -> list[str]:
    """What a sentence names as belonging to this policy."""
    said = [
        found.group("rest") for pattern in (_READ_WITH, _LINKS_TO, _SEE) for found in pattern.finditer(text)
    ]
    said += [re.split(r"[.;:]", text[: found.start()])[-1] for found in _READ_WITH_THIS.finditer(text)]
    return [name for part in said for name in policies_in(part[-_MAX_LIST:])]


def _named_in(text: str) -> list[str]:
    """The policies that a sentence calls by their names."""
    return [found["name"] for found in _NAMED.finditer(text) if not _NO_POLICY.search(found["name"])]


def _core(name: str) -> frozenset[str]:
    """The words that tell a policy from others: those of "Acceptable Use Policy" and "Acceptable use policies (AUP)" are the same."""
    return frozenset(re.findall(r"\w+", name.casefold())) - _COMMON


def _list_after(clauses: tuple[Clause, ...], index: int) -> list[str]:
    items = []
    for clause in clauses[index + 1 :]:
        if (
            clause.depth < clauses[index].depth
            or not _is_item(clause.text)
            or (clause.label and clause.depth == clauses[index].depth)
        ):
            break
        items.append(_trimmed(clause.text))
    return items


def policies_in(text: str) -> list[str]:
    """The policies that a sentence lists."""
    plural = _PLURAL.match(text.strip(" ."))
    if plural and not re.search(r"\bpolicy\b", text, re.IGNORECASE):
        return [
            _trimmed(part)
            for part in re.split(r",\s*(?:and\s+)?|\s+and\s+|;\s*", plural.group("names"))
            if part.strip()
        ]
    return [
        _trimmed(found.group("name"))
        for part in re.split(
            r"(?<=policy)[,;] |(?<=procedure)[,;] |(?<=procedures)[,;] |(?<=conduct)[,;] |(?<=policy) and |(?<=procedure) and (?=the|our)|(?<=conduct) and ",
            text,
            flags=re.IGNORECASE,
        )
        for found in _POLICY.finditer(part)
        if len(_trimmed(found.group("name")).split()) > 1
    ]


def _trimmed(text: str) -> str:
    text = _LEAD_IN.sub("", text)
    text = re.sub(r"(?:[;,.]|\s+(?:and|or))+$", "", text.strip()).strip(" ,;")
    while (shorter := _EDGE.sub("", text)) != text:
        text = shorter.strip(" ,;")
    return text


def template_of(texts: Iterable[str]) -> str | None:
    """The template the policy says it was built on."""
    for text in texts:
        found = _TEMPLATE.search(text)
        if found:
            return (found.group("name") or found.group("other")).strip()
    return None


def licence_of(texts: Iterable[str]) -> str | None:
    """The copyright and licence note, as printed."""
    return next((text for text in texts if len(text) <= 1200 and _LICENCE.search(text)), None)


def scope_of(texts: Iterable[str]) -> Scope:
    """Whom, what and where the sentences of scope name."""
    said = " ".join(text for text in texts if _APPLIES.search(text))
    people = _named(said, _PEOPLE)
    places = tuple(place for place, pattern in _PLACES.items() if pattern.search(said))
    return Scope(people, _named(said, _TECHNOLOGY), places)


def _named(text: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that stand in the text, in the order of the text; a word inside a longer one does not count."""
    found: list[tuple[int, str]] = []
    for word in sorted(words, key=len, reverse=True):
        match = re.search(rf"(?<![\w/-]){re.escape(word)}(?![\w/-])", text, re.IGNORECASE)
        if match and not any(place <= match.start() < place + len(longer) for place, longer in found):
            found.append((match.start(), word))
    return tuple(word for _, word in sorted(found))
