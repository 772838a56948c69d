"""The name of the school where no head prints it: the name that the sentences keep repeating."""

import re
from collections import Counter
from collections.abc import Iterable

_NAME = re.compile(
    r"\b(?:St\.? )?(?:[A-Z][\w\u2019'.-]{0,30} |of |the |and |& ){1,7}?(?:School|Academy|College|Nursery|Pre-?school|Playgroup|Federation|Children['\u2019]s Centre|Learning Trust)\b(?! (?:Trip|Day|Council|Governor|Policy))"
)
_COMMON = re.compile(
    r"^(?:The|Our|This|Each|All|Every|Primary|Secondary|High|Junior|Infant|Whole|In|At|Maintained|Independent|Special|Boarding|Sunday|Ofsted|Behaviour|Safe|After|Before|Head|As|When|If) ?(?:of |the )?(?:Schools?|Academy|College|Nursery|Federation|[Pp]re-?school|Playgroup)?$"
)
_LEAD = re.compile(r"^(?:(?:The|At|In|Our|By|As|When|If|And|All|Of|For)\s+|(?:of|the|and)\s+)+")
_LEAST = 2


def setting_in(texts: Iterable[str]) -> str:
    """The most repeated name of a school; "" when none is repeated."""
    names: Counter[str] = Counter()
    for text in texts:
        for found in _NAME.finditer(text):
            name = _LEAD.sub("", found.group()).strip()
            if len(name.split()) > 1 and not _COMMON.match(name):
                names[name] += 1
    best = names.most_common(1)
    return best[0][0] if best and best[0][1] >= _LEAST else ""
