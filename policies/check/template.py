"""What a template left behind: choices nobody made, alternatives, blanks, and instructions to whoever adapts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policies.check.case import Case, Passage
from policies.check.finding import ERROR, WARNING, Finding

_MODAL = "will|may|must|should|shall|can|is|are"
_LEARNERS = "(?:children|child|pupils?|learners?|students?|young people)(?:['\u2019]s?)?"
_HEADS = "headteachers?|head teachers?|principals?|(?:centre |nursery )?managers?|heads? of school|heads? of centre|executive headteachers?"
_PLACES = "schools?|settings?|academy|academies|colleges?|nursery|nurseries|centres?|trusts?|organisations?"
_BODIES = "governors?|governing body|governing board|trustees?|board|proprietors?|management committee|management board|directors?"
_SLASH = r"\s?/\s?"
_FILL = (
    "insert|name|add|enter|school|schools|setting|settings|date|delete|amend|list|your|specify|state|details?|describe|role|job title|local authority"
    "|website|link|phone|telephone|email|e-mail|address|number|policy|person|optional|trust|amount|include|complete|select|choose|adapt|edit|xx+|e\\.?g\\.?|if applicable"
)


def _several(words: str, least: int) -> str:
    return rf"\b(?:{words})(?:{_SLASH}(?:{words})){{{least - 1},}}\b"


@dataclass(frozen=True)
class _Kind:
    """One kind of remains: words of which a text must hold one, the pattern, what is said of it and what to do."""

    severity: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    message: str
    advice: str

    def first(self, passage: Passage) -> str | None:
        """The first of them in a passage, as it stands."""
        if not any(hint in passage.lowered for hint in self.hints):
            return None
        for found in self.pattern.finditer(passage.text):
            quote = found.group().strip()
            if not _LOWER_CASE.fullmatch(quote):
                return quote
        return None


def _kind(severity: str, hints: tuple[str, ...], pattern: str, message: str, advice: str) -> _Kind:
    return _Kind(severity, hints, re.compile(pattern, re.IGNORECASE), message, advice)


_LOWER_CASE = re.compile(r"x{3,}|tb[ca]|and/and|or/or")
_KINDS = (
    _kind(
        ERROR,
        ("/",),
        rf"\b(\w+){_SLASH}(?:(?:\1\s?not|not\s+\1)\b|\1n['\u2019]t\b)|\b(\w+) (\w+){_SLASH}\2 not \3\b|\bwill{_SLASH}won['\u2019]t\b|\b(?:{_MODAL})(?:{_SLASH}(?:will|may|must|should|shall|can))+\b(?! not)|\bcan{_SLASH}cannot\b",
        "A choice was never made: \u201c{}\u201d.",
        "Keep the one that is true here and delete the other.",
    ),
    _kind(
        WARNING,
        ("/",),
        f"{_several(_LEARNERS, 2)}|{_several(_PLACES, 3)}|{_several(_BODIES, 3)}|{_several(_HEADS, 2)}",
        "Alternatives of a template are left: \u201c{}\u201d.",
        "Choose the word that this school uses.",
    ),
    _kind(
        WARNING,
        ("[", "<", "(", "\u00ab", "xxx", "tbc", "tba", "___", "....."),
        (rf"\[\s*(?:(?:{_FILL})\b[^\]]{{0,160}}|[^\]]{{0,40}}\binsert(?:ed)?\b[^\]]{{0,60}}|[\w ]+{_SLASH}[\w /]+|(?!sic\b|emphasis|her\b|his\b|their\b|they\b|our\b|a\b|the\b)(?-i:[a-z])[a-z '\u2019-]{{2,60}}|[\s._\u2026]*)\]|<\s*(?:{_FILL})\b[^>@]{{0,80}}>|\(\s*\)|\((?:insert|enter|add) [^)]{{0,80}}\)"
        r"|\u00ab[^\u00bb]{1,60}\u00bb|<<[^>]{1,60}>>|\bX{3,}\b|\bTB[CA]\b|(?<=\w )_{3,}(?=[ ,.;]*\w)|(?<=\w )\.{5,}(?= \w)"),
        "A blank was never filled in: \u201c{}\u201d.",
        "Fill it in, or delete the sentence if it does not apply.",
    ),
    _kind(
        WARNING,
        ("delete", "insert", "adapt", "amend", "edit", "tailor", "personalise", "template", " note", "highlighted", "text in", "sections in", "words in", "shaded", "remove", "lorem", "should consider", "wish to", "add ", "schools", "settings", "should be", " to decide", "complete as"),
        (r"\(?\bdelete (?:as|if|where) (?:not )?(?:appropriate|applicable|necessary|needed|required|relevant)\b\)?|\binsert (?:\w+ ){1,4}here\b"
        r"|\b(?:schools|settings|you) (?:should|may wish to|might wish to|may want to|will need to|must|need to) (?:adapt|amend|edit|insert|add|delete|tailor|personalise|consider (?:adding|including))\b[^.]{0,60}"
        r"|\b(?:adapt|amend|edit|tailor|personalise) this (?:section|paragraph|policy|text|clause|template|document|list) (?:to|as|for|in)\b[^.)]{0,50}"
        r"|\b(?:note (?:to|for) (?:the )?(?:authors?|schools?|users?|leaders|editors?)|guidance notes?|drafting notes?)\s*[:\u2013-][^.]{0,60}"
        r"|\b(?:this|the (?:model|exemplar)) (?:\w+ ){0,3}?template (?:should|must|requires?|needs?|is|can|may|has|will|does)\b[^.]{0,40}|\b(?:adopt|adapt|using|use|edit) (?:this|the (?:\w+ ){0,3}?policy) template\b[^.]{0,40}"
        r"|\b(?:text|sections?|words|statements?|areas) (?:in|highlighted in|shaded) (?:red|blue|green|yellow|grey|italics?|square brackets)\b[^.]{0,40}|\bhighlighted (?:text|sections?|areas)\b[^.]{0,40}"
        r"|\b(?:remove|delete) (?:this|these) (?:text|box|section|note|page|paragraph|instructions?|notes)\b[^.]{0,40}|\blorem ipsum\b|\b(?:this|the) (?:section|paragraph|statement|list|clause|template|text) should be (?:amended|adapted|edited|deleted|tailored|personalised)\b[^.]{0,40}"
        r"|(?:^|(?<=[.(] ))(?:please )?(?:amend|adapt|delete|edit|complete|tailor) as (?:appropriate|necessary|required|applicable)\b|\((?:schools?|settings?|governors|headteachers?|leaders) (?:to|should|may) [^)]{3,60}\)"
        r"|\b(?:schools|settings) (?:should|must|need to|may) (?:list|describe|include|state|specify|name|set out|replace)\b[^.]{0,60}\b(?:here|their own|below)\b"),
        "An instruction of a template is left: \u201c{}\u201d.",
        "Do what it says and delete it.",
    ),
)  # fmt: skip
_INSTRUCTION = _KINDS[-1]


def template_text(case: Case) -> Iterator[Finding]:
    """Each kind once a passage, with the words as they stand; of a section full of instructions only the first."""
    instructed: set[int | None] = set()
    for passage in case.passages:
        for kind in _KINDS:
            quote = None if kind is _INSTRUCTION and passage.section in instructed else kind.first(passage)
            if quote is not None:
                if kind is _INSTRUCTION:
                    instructed.add(passage.section)
                yield passage.finding("template-text", kind.severity, kind.message.format(quote), kind.advice)
