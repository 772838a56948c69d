"""Guidance that a policy relies on, with its edition: known titles, local partnership procedures, and quoted ones."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policies.reading.dates import MONTH
from policies.reading.document import Guidance, Section
from policies.reading.limits import SCANNED

_EDITION = re.compile(
    rf"^(?:: ?[A-Za-z][A-Za-z ,'\u2019-]{{3,70}}?(?=[\s'\u2019(,]+(?:\(|{MONTH} |20\d\d)))?[\s'\u2019”\"\])*,]*(?:\((?-i:DfE|[A-Z]{{2,8}})\)?[\s'\u2019”\"),]*)?[(\[]?(?:(?:guidance|edition|version|last|updated|published|revised|dated|effective|applies from|in force from|statutory|DfE|for schools and colleges|of|in)[\s,:]*){{0,3}}[\s(\[,:\u2013-]*"
    rf"(?P<edition>(?:(?:\d{{1,2}}(?:st|nd|rd|th)? )?{MONTH},? )?(?:20|19)\d{{2}})(?![\d/-]\d)",
    re.IGNORECASE,
)
_EDITION_BEFORE = re.compile(
    rf"(?P<edition>(?:{MONTH} )?20\d{{2}})(?:'s)? (?:edition|version)? ?(?:of )?(?:the )?(?:DfE )?['\u2018“\"]?$",
    re.IGNORECASE,
)
_CONTEXT = re.compile(
    r"guidance|framework|statutory|advice|legislation|in line with|in accordance with|taking into account|takes? into account",
    re.IGNORECASE,
)
_GUIDANCE = re.compile(r"\b(?:guidance|advice|statutory|DfE|Department for Education)\b", re.IGNORECASE)
_QUOTES = "'\u2018“\""
_REACH = 70
_MAX_ITEM = 200


@dataclass(frozen=True)
class _Known:
    """A title as it is recognised; `sure` where no context is needed."""

    key: str
    title: str
    pattern: re.Pattern[str]
    sure: bool = False
    short: re.Pattern[str] | None = None


def _known(key: str, title: str, pattern: str, short: str = "", sure: bool = False) -> _Known:
    return _Known(
        key,
        title,
        re.compile(rf"\b{pattern}", re.IGNORECASE),
        sure,
        re.compile(rf"\b{short}\b") if short else None,
    )


_CATALOGUE = (
    _known("kcsie", "Keeping Children Safe in Education", r"keeping children safe in education", "KCSIE|KCSiE", True),
    _known("eyfs", "Early Years Foundation Stage", r"(?:statutory framework for the )?early years(?: and)? foundation stage(?: statutory framework| \(EYFS\) statutory framework)?", "EYFS"),
    _known("wtsc", "Working Together to Safeguard Children", r"working together to safeguard children", "WTSC|WTTSC", True),
    _known("behaviour", "Behaviour in Schools", r"behaviour (?:and discipline )?in schools(?:: advice for headteachers and school staff)?(?! polic)"),
    _known("searching", "Searching, screening and confiscation", r"searching,? screening,? and confiscation(?: at school| in schools)?(?! polic)"),
    _known("harassment", "Sexual violence and sexual harassment between children in schools and colleges", r"sexual violence and sexual harassment between children in schools and colleges", sure=True),
    _known("sexting", "Sexting in schools and colleges", r"sexting in schools and colleges(?:: ?responding to incidents and safeguarding young people)?", sure=True),
    _known("nudes", "Sharing nudes and semi-nudes", r"sharing nudes and semi-nudes(?:: ?advice for education settings working with children and young people)?", sure=True),
    _known("phones", "Mobile phones in schools", r"mobile phones in schools(?! polic)"),
    _known("online", "Teaching online safety in schools", r"teaching online safety in schools?"),
    _known("filtering", "Filtering and monitoring standards for schools and colleges", r"(?:filtering and monitoring standards(?: for schools(?: and colleges)?)?|meeting digital and technology standards in schools and colleges)", sure=True),
    _known("prevent", "Prevent duty guidance", r"(?:revised )?prevent duty guidance(?:: ?(?:for )?england and wales)?", sure=True),
    _known("concerned", "What to do if you're worried a child is being abused", r"what to do if you['\u2019]re worried a child is being abused(?:: ?advice for practitioners)?", sure=True),
    _known("sharing", "Information sharing advice for safeguarding practitioners", r"information sharing:? ?advice for (?:safeguarding )?practitioners(?: providing safeguarding services)?", sure=True),
    _known("rshe", "Relationships education, relationships and sex education and health education", r"relationships education,? relationships and sex education(?: \(RSE\))? and health education", sure=True),
    _known("resilience", "Education for a Connected World", r"education for a connected world", sure=True),
    _known("exclusion", "Suspension and permanent exclusion", r"suspension and permanent exclusion(?:s)?(?: from maintained schools.{0,80}?movement)?(?! polic)"),
    _known("bullying", "Preventing and tackling bullying", r"preventing and tackling bullying", sure=True),
    _known("force", "Use of reasonable force", r"use of reasonable force(?: in schools| and other restrictive interventions)?(?! polic)"),
    _known("cyber", "Cyberbullying: advice for headteachers and school staff", r"cyberbullying: ?advice for headteachers and school staff", sure=True),
    _known("missing", "Children missing education", r"children missing education(?! polic)"),
    _known("attendance", "Working together to improve school attendance", r"working together to improve school attendance", sure=True),
    _known("send", "SEND code of practice", r"(?:SEND|special educational needs and disability) code of practice(?:: ?0 to 25 years)?", sure=True),
    _known("mental", "Mental health and behaviour in schools", r"mental health and behaviour in schools(?! polic)", sure=True),
    _known("first-aid", "First aid in schools", r"first aid in schools(?! polic)"),
    _known("medical", "Supporting pupils at school with medical conditions", r"supporting pupils (?:at school )?with medical conditions(?! polic)"),
    _known("working", "Guidance for safer working practice for those working with children and young people in education settings", r"guidance for safer working practice(?: for (?:those|adults) (?:working|who work) with children and young people(?: in education(?:al)? settings)?)?", sure=True),
    _known("fgm", "Multi-agency statutory guidance on female genital mutilation", r"multi-?agency statutory guidance on (?:female genital mutilation|FGM)", sure=True),
    _known("looked-after", "Promoting the education of looked-after and previously looked-after children", r"promoting the education of looked[- ]after(?: and previously looked[- ]after)? children", sure=True),
    _known("designated", "Designated teacher for looked-after and previously looked-after children", r"(?:the )?designated teacher for looked[- ]after and previously looked[- ]after children", sure=True),
    _known("outside", "Keeping children safe during community activities, after-school clubs and tuition", r"keeping children safe (?:in out-of-school settings|during community activities,? after-school clubs and tuition)", sure=True),
    _known("police", "When to call the police", r"when to call the police(?=[\u2019'\u201d\"]|:| ?\(| guidance)(?:: ?guidance for schools and colleges)?", sure=True),
    _known("boarding", "National minimum standards for boarding schools", r"(?:boarding schools:? )?national minimum standards(?: for (?:boarding schools|residential special schools))?(?= ?[\u2019'(]|$|,|\.)", sure=True),
    _known("ai", "Generative AI: product safety expectations", r"generative (?:AI|artificial intelligence):? product safety (?:expectations|standards)", sure=True),
    _known("ai-education", "Generative artificial intelligence in education", r"generative (?:AI|artificial intelligence)(?: \(AI\))? in education", sure=True),
    _known("data", "Data protection in schools", r"data protection in schools(?! polic)"),
    _known("provision", "Alternative provision", r"arranging alternative provision", sure=True),
    _known("hoaxes", "Harmful online challenges and online hoaxes", r"harmful online challenges and online hoaxes", sure=True),
    _known("radicalisation", "Protecting children from radicalisation: the Prevent duty", r"protecting children from radicalisation(?:: ?the prevent duty)?", sure=True),
    _known("inspecting", "Inspecting safeguarding in early years, education and skills", r"inspecting safeguarding in early years,? education and skills(?: settings)?", sure=True),
)  # fmt: skip
_LOCAL = re.compile(
    r"(?P<title>(?:[A-Z][\w&\u2019']{1,30} ){1,5}?(?:Safeguarding (?:Children|Child|Partnership)(?:['\u2019]?s)?(?: and Adults)? ?)(?:(?:Multi-?[Aa]gency )?(?:Partnership|Board))?(?:['\u2019]?s)?(?: ?\([A-Z]{3,9}\))?(?: thresholds and)? procedures)"
)
_QUOTED_AFTER = re.compile(
    r"\b(?:guidance|advice)\b[^.'\u2018“\"]{0,30}['\u2018“\"](?P<title>[A-Z][^'\u2019”\"]{10,140})['\u2019”\"]",
    re.IGNORECASE,
)
_QUOTED_BEFORE = re.compile(
    r"(?<!\w)['\u2018“\"](?P<title>[^'\u2018\u2019“”\"]{10,140})['\u2019”\"](?:\s*\(?\d{4}\)?)?\s+(?:statutory |non-statutory )?(?:guidance|advice)\b",
    re.IGNORECASE,
)


def find_guidance(sections: Iterable[Section]) -> tuple[Guidance, ...]:
    """Each title once for each edition; without an edition only where none is printed anywhere."""
    found: dict[str, dict[str | None, str]] = {}
    for text, listed in _texts(sections):
        for key, title, edition in [*_catalogued(text, listed), *_local(text), *_quoted(text)]:
            found.setdefault(key, {}).setdefault(edition, title)
    guidance: list[Guidance] = []
    for editions in found.values():
        dated = {edition: title for edition, title in editions.items() if edition}
        guidance.extend(Guidance(title, edition) for edition, title in (dated or editions).items())
    return tuple(guidance)


def _texts(sections: Iterable[Section]) -> Iterator[tuple[str, bool]]:
    """The texts of the clauses, and whether a line such as "this follows the guidance:" opened their list."""
    for section in sections:
        listed = False
        for clause in section.clauses:
            text = clause.text[:SCANNED]
            if clause.text.endswith(":") or len(clause.text) > _MAX_ITEM:
                yield text, False
                listed = clause.text.endswith(":") and bool(_CONTEXT.search(clause.text))
            else:
                yield text, listed


def _catalogued(text: str, listed: bool) -> list[tuple[str, str, str | None]]:
    found = []
    for known in _CATALOGUE:
        for pattern in filter(None, (known.pattern, known.short)):
            for match in pattern.finditer(text):
                edition = _edition(text, match)
                if edition or known.sure or listed or _in_context(text, match):
                    title = match.group() if pattern is known.pattern else known.title
                    found.append((match.start(), (known.key, _capital(title), edition)))
    return [entry for _, entry in sorted(found, key=lambda item: item[0])]


def _edition(text: str, match: re.Match[str]) -> str | None:
    after = _EDITION.match(text[match.end() : match.end() + _REACH])
    before = _EDITION_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
    if after:
        return " ".join(after.group("edition").split())
    return before.group("edition") if before and " edition" in before.group() else None


def _in_context(text: str, match: re.Match[str]) -> bool:
    """Quoted, or beside a word such as guidance: the words alone may be about something else."""
    quoted = text[max(0, match.start() - 1) : match.start()] in tuple(_QUOTES) and match.start() > 0
    near = text[max(0, match.start() - 40) : match.start()] + text[match.end() : match.end() + 25]
    if re.match(r"\s*polic", text[match.end() :]):
        return False
    return quoted or bool(_CONTEXT.search(near)) or _in_list_of_guidance(text, match)


def _in_list_of_guidance(text: str, match: re.Match[str]) -> bool:
    """ "... the guidance on A, B and C": the word stands before the first title of the sentence."""
    before = text[: match.start()].rpartition(". ")[2]
    return bool(_GUIDANCE.search(before)) and bool(re.search(r"(?:,|\band|\bon|[:;(])\s*(?:the )?$", before))


def _local(text: str) -> list[tuple[str, str, str | None]]:
    found = []
    for match in _LOCAL.finditer(text):
        title = re.sub(r"^(?:The|And|Local) ", "", match.group("title"))
        found.append((f"local {title.split()[0].casefold()}", title, _edition(text, match)))
    return found


def _quoted(text: str) -> list[tuple[str, str, str | None]]:
    """A title in quotation marks beside the word guidance or advice."""
    found = []
    for pattern in (_QUOTED_AFTER, _QUOTED_BEFORE):
        for match in pattern.finditer(text):
            title = match.group("title").strip(" ,.")
            if any(known.pattern.search(title) for known in _CATALOGUE) or len(title.split()) < 3:
                continue
            edition = _EDITION.match(text[match.end("title") : match.end("title") + _REACH])
            found.append(
                (
                    re.sub(r"\W+", "", title).casefold(),
                    _capital(title),
                    edition.group("edition") if edition else None,
                )
            )
    return found


def _capital(title: str) -> str:
    title = " ".join(title.split())
    return title[:1].upper() + title[1:]
