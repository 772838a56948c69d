"""One policy of the demonstration on its way to those it binds, and whom the words of the data stand for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from policies.enums import Audience
from policies.models import PolicyVersion
from policyhub.demo.days import before_weekend, moment
from policyhub.demo.stage import Stage
from schools.enums import Group, Role

AUDIENCES: dict[str, list[str]] = {
    "staff": [Group.STAFF, Group.VOLUNTEER, Group.CONTRACTOR],
    "governor": [Group.GOVERNOR],
    "learner": [Audience.LEARNER],
    "parent": [Audience.PARENT],
    "visitor": [Audience.VISITOR],
    "account_manager": [Role.ACCOUNT_MANAGER],
}


@dataclass
class Paper:
    """One policy on its way to those it binds."""

    stage: Stage
    row: dict[str, Any]

    @property
    def version(self) -> PolicyVersion:
        version: PolicyVersion = self.stage.made[self.row["key"]]
        return version

    @version.setter
    def version(self, version: PolicyVersion) -> None:
        self.stage.made[self.row["key"]] = version

    def day(self, name: str) -> date | None:
        """A day that the data count from today; what was written or ratified was so on a weekday."""
        if name not in self.row:
            return None
        day = timezone.localdate(self.stage.now) + timedelta(days=self.row[name])
        return day if name == "next_review" else before_weekend(day)

    def part(self, name: str) -> str:
        """That day as the record keeps it: to the month only where the text says no more."""
        day, form = self.day(name), "%Y-%m" if self.row["date_style"] == "month" else "%Y-%m-%d"
        return f"{day:{form}}" if day else ""

    def printed(self, name: str, otherwise: str) -> str:
        """That day as it stands in the text."""
        day = self.day(name)
        if day is None:
            return otherwise
        return f"{day:%B %Y}" if self.row["date_style"] == "month" else f"{day:%-d %B %Y}"

    def on(self, name: str) -> date:
        """That day, where the data have it."""
        day = self.day(name)
        assert day is not None  # noqa: S101 - scenes ask for days that the data have
        return day

    def since_today(self, days: int, clock: str) -> datetime:
        """A working day counted from today, at a time of day."""
        return moment(before_weekend(timezone.localdate(self.stage.now) + timedelta(days=days)), clock)

    def at(self, name: str, clock: str) -> datetime:
        """That day at a time of day."""
        return moment(self.on(name), clock)
