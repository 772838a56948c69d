"""Addresses of the policies app: below the school, and those that anybody may open."""

from django.urls import path

from policies.views import (
    audience,
    catalogue,
    certificate,
    comparing,
    drafting,
    feeds,
    importing,
    life,
    public,
    publishing,
    readers,
    reading,
    reviewing,
    signing,
    writing,
)

app_name = "policies"
urlpatterns = [
    path("", reading.policy_list, name="policy_list"),
    path("calendar/", feeds.calendar, name="calendar"),
    path("calendar/renew/", feeds.calendar_renew, name="calendar_renew"),
    path("calendar/close/", feeds.calendar_close, name="calendar_close"),
    path("certificate/", certificate.certificate, name="certificate"),
    path("certificate/make/", certificate.certificate_make, name="certificate_make"),
    path("guidance/", catalogue.guidance_list, name="guidance_list"),
    path("guidance/new/", catalogue.guidance_add, name="guidance_add"),
    path("guidance/<uuid:pk>/forget/", catalogue.guidance_forget, name="guidance_forget"),
    path("expected/", catalogue.expected_list, name="expected_list"),
    path("expected/new/", catalogue.expected_edit, name="expected_add"),
    path("expected/<slug:key>/", catalogue.expected_edit, name="expected_edit"),
    path("import/", importing.document_upload, name="document_upload"),
    path("import/<uuid:pk>/", importing.document_preview, name="document_preview"),
    path("import/<uuid:pk>/original/", importing.source_download, name="source_download"),
    path("reading/", audience.reading_list, name="reading_list"),
    path("inductions/", audience.induction_list, name="induction_list"),
    path("inductions/<uuid:pk>/", audience.induction_record, name="induction_record"),
    path("<uuid:pk>/audience/", audience.policy_audience, name="policy_audience"),
    path("new/", drafting.policy_create, name="policy_create"),
    path("<uuid:pk>/revise/", drafting.policy_revise, name="policy_revise"),
    path("<uuid:pk>/", reading.policy_detail, name="policy_detail"),
    path("versions/<uuid:pk>/", reading.version_detail, name="version_detail"),
    path("versions/<uuid:pk>/changes/", comparing.version_changes, name="version_changes"),
    path("versions/<uuid:pk>/acknowledge/", reading.version_acknowledge, name="version_acknowledge"),
    path("versions/<uuid:pk>/readers/", readers.version_readers, name="version_readers"),
    path("versions/<uuid:pk>/readers.csv", readers.version_readers_csv, name="version_readers_csv"),
    path("versions/<uuid:pk>/readers.pdf", readers.version_readers_pdf, name="version_readers_pdf"),
    path("versions/<uuid:pk>/class/", readers.version_class, name="version_class"),
    path("versions/<uuid:pk>/paper/", readers.version_paper, name="version_paper"),
    path(
        "acknowledgements/<uuid:pk>/mistaken/",
        readers.acknowledgement_mistaken,
        name="acknowledgement_mistaken",
    ),
    path("versions/<uuid:pk>/ratify/", life.version_ratify, name="version_ratify"),
    path("versions/<uuid:pk>/start/", life.version_start, name="version_start"),
    path("versions/<uuid:pk>/minor/", life.version_minor, name="version_minor"),
    path("versions/<uuid:pk>/major/", life.version_major, name="version_major"),
    path("<uuid:pk>/review/", reviewing.review_open, name="review_open"),
    path("reviews/<uuid:pk>/conclude/", reviewing.review_conclude, name="review_conclude"),
    path("versions/<uuid:pk>/withdraw/", life.version_withdraw, name="version_withdraw"),
    path("versions/<uuid:pk>/publish/", publishing.version_publish, name="version_publish"),
    path("versions/<uuid:pk>/unpublish/", publishing.version_unpublish, name="version_unpublish"),
    path("versions/<uuid:pk>/announce/", publishing.version_announce, name="version_announce"),
    path("versions/<uuid:pk>/sign/", signing.version_sign, name="version_sign"),
    path("versions/<uuid:pk>/signed/", signing.document_download, name="document_download"),
    path("versions/<uuid:pk>/word/", drafting.version_word, name="version_word"),
    path("versions/<uuid:pk>/write/", writing.version_write, name="version_write"),
    path("versions/<uuid:pk>/write/details/", writing.version_details, name="version_details"),
    path("versions/<uuid:pk>/write/sections/", writing.section_add, name="section_add"),
    path("versions/<uuid:pk>/write/sections/<uuid:section>/", writing.section_edit, name="section_edit"),
    path(
        "versions/<uuid:pk>/write/sections/<uuid:section>/after/",
        writing.section_add,
        name="section_add_after",
    ),
    path(
        "versions/<uuid:pk>/write/sections/<uuid:section>/clause/", writing.clause_begin, name="clause_begin"
    ),
    path("versions/<uuid:pk>/write/sections/<uuid:section>/move/", writing.section_move, name="section_move"),
    path(
        "versions/<uuid:pk>/write/sections/<uuid:section>/delete/",
        writing.section_delete,
        name="section_delete",
    ),
    path("versions/<uuid:pk>/write/clauses/<uuid:clause>/", writing.clause_edit, name="clause_edit"),
    path("versions/<uuid:pk>/write/clauses/<uuid:clause>/move/", writing.clause_move, name="clause_move"),
    path(
        "versions/<uuid:pk>/write/clauses/<uuid:clause>/delete/", writing.clause_delete, name="clause_delete"
    ),
    path(
        "versions/<uuid:pk>/write/clauses/<uuid:clause>/<slug:place>/", writing.clause_add, name="clause_add"
    ),
]

public_urlpatterns = [
    path("check/", public.pdf_check, name="pdf_check"),
    path("check/<uuid:pk>/", public.document_check, name="document_check"),
    path("calendar/<str:token>.ics", feeds.calendar_feed, name="calendar_file"),
    path("public/<slug:slug>/", public.published_list, name="published_list"),
    path("public/<slug:slug>/<uuid:pk>/", public.published_policy, name="published_policy"),
    path("public/<slug:slug>/<uuid:pk>/signed/", public.published_pdf, name="published_pdf"),
]
