"""Forms of concerns, by what is done: report, find, work."""

from incidents.forms.finding import QueueFilter
from incidents.forms.procedure import StepForm
from incidents.forms.report import AdultConcernForm, ConcernForm, adult_options
from incidents.forms.work import (
    ActionForm,
    CloseForm,
    CorrectForm,
    DoneForm,
    EntryForm,
    ErrorForm,
    PersonForm,
    ReopenForm,
    ReplyForm,
    TriageForm,
    WorkForm,
)

__all__ = [
    "ActionForm", "AdultConcernForm", "CloseForm", "ConcernForm", "CorrectForm", "DoneForm", "EntryForm", "ErrorForm", "PersonForm",
    "QueueFilter", "ReopenForm", "ReplyForm", "StepForm", "TriageForm", "WorkForm", "adult_options",
]  # fmt: skip
