"""People's names in key details and in sentences; roles, places and blanks are not names."""

import re

_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Rev|Revd|Fr|Sr|Sir|Dame|Sister|Canon|Father)\.?"
_SMALL = r"a-z\u00df-\u00f6\u00f8-\u017f"
_WORD = (
    rf"(?:[A-Z]['\u2019][A-Z][{_SMALL}]{{1,30}}|(?:Mc|Mac)?[A-Z\u00c0-\u00de\u0100-\u017d][{_SMALL}]{{1,30}}"
    rf"(?:[\u2019'-][A-Za-z][{_SMALL}]{{1,30}}){{0,2}})"
)
_INITIAL = r"[A-Z]\.?"
_JOIN = r"(?:de|da|di|van|von|der|den|al|bin|bint|ibn|la|le|el)"
NAME = (
    rf"(?:{_TITLE}\s+(?:{_INITIAL}\s+){{0,3}}(?:{_JOIN}\s+){{0,2}}{_WORD}(?:\s+(?:{_JOIN}\s+)?{_WORD}){{0,2}}"
    rf"|{_WORD}(?:\s+{_INITIAL}(?=\s))?(?:\s+(?:{_JOIN}\s+){{0,2}}{_WORD}){{1,3}})"
)
NAMES = rf"{NAME}(?:(?:\s*,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+|\s*&\s*|\s*/\s*){NAME}){{0,9}}"
_NAME = re.compile(rf"^{NAME}$")
_SPLIT = re.compile(r"\s*[,;/&\n|]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+|\s+[-\u2013—]\s+|\s*•\s*")
_CONTACT = re.compile(
    r"\S+@\S+|https?://\S+|www\.\S+|(?:tel(?:ephone)?|phone|mobile|mob|e-?mail|ext(?:ension|n)?)\b\.?:?(?: ?\d{1,5}\b)?|\+?\(?\d[\d\s()-]{5,}\d",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\([^()]{0,80}\)")
_NOT_IN_NAMES = frozenset(
    """
    academy acting advice adviser advisor all and any annual assistant authority board body business
    care centre chair chairperson chief child childcare children class clerk coordinator co-ordinator
    college committee community computing council county curriculum date dedicated department deputy
    deputies designated director dsl ddsl early education emergency executive for full governing
    governor governors guidance head headteacher headmaster headmistress in interim inclusion insert key
    lead leader leaders leadership line local manager member members months name named network nominated
    none note nurseries nursery office officer online parent parents person phase police policies policy
    practitioner prevent primary principal protection pupil pupils reading review room safeguarding
    school schools secondary secretary senco send services service setting sixth slt social staff stage
    statutory subject support surname tba tbc team teacher teachers teaching technology the their this
    trust trustee trustees vacant vice welfare will with work year years
    """.split()  # noqa: SIM905 a list of a hundred words reads better without quotes
)


def split_names(text: str) -> tuple[str, ...]:
    """The names in a value such as "Jane Smith (Headteacher), Mr A Patel and Sam Jones"."""
    plain = _CONTACT.sub(" ", _IN_BRACKETS.sub(" ", text))
    names = [" ".join(part.split()).strip(" .:-\u2013—") for part in _SPLIT.split(plain)]
    return tuple(dict.fromkeys(name for name in names if is_name(name)))


def is_name(text: str) -> bool:
    """Whether the text is shaped like a person's name and names no role, body or place."""
    shaped = text.title() if text.isupper() else text
    if len(text) > 60 or not _NAME.match(shaped):
        return False
    return not any(word in _NOT_IN_NAMES for word in re.findall(r"[a-z-]+", text.lower()))
