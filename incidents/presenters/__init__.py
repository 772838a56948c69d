"""What the pages of concerns say, by who reads them."""

from incidents.presenters.lists import queue_rows, tabs, who
from incidents.presenters.record import (
    action_rows,
    contact_groups,
    facts,
    people_rows,
    record,
    steps,
    story,
    urls,
)
from incidents.presenters.report import OUTSIDE, on_duty, progress, readers_line, what_happens_next
from incidents.presenters.shared import (
    clock_of,
    detail_of,
    kind_of,
    name_of,
    post_of,
    queue_url,
    risk_of,
    status_of,
    url_of,
)
from incidents.presenters.twice import act_sent_twice, sent_twice

__all__ = ["OUTSIDE", "act_sent_twice", "action_rows", "clock_of", "contact_groups", "detail_of", "facts", "kind_of", "name_of", "on_duty", "people_rows", "post_of", "progress", "queue_rows", "queue_url", "readers_line", "record", "risk_of", "sent_twice", "status_of", "steps", "story", "tabs", "url_of", "urls", "what_happens_next", "who"]  # fmt: skip
