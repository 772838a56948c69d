"""Addresses of the incidents app, below the school."""

from django.urls import path

from incidents.views import lists, procedure, record, report

app_name = "incidents"
urlpatterns = [
    path("", lists.concern_list, name="concern_list"),
    path("new/", report.concern_create, name="concern_create"),
    path("new/adult/", report.adult_concern_create, name="adult_concern_create"),
    path("new/adult/search/", report.adult_search, name="adult_search"),
    path("mine/", report.own_list, name="own_list"),
    path("mine/<uuid:pk>/", report.own_detail, name="own_detail"),
    path("mine/<uuid:pk>/receipt/", report.concern_receipt, name="concern_receipt"),
    path("<uuid:pk>/", record.concern_detail, name="concern_detail"),
    path("<uuid:pk>/contacts/", record.concern_contacts, name="concern_contacts"),
    path("<uuid:pk>/assign/", record.concern_assign, name="concern_assign"),
    path("<uuid:pk>/triage/", record.concern_triage, name="concern_triage"),
    path("<uuid:pk>/close/", record.concern_close, name="concern_close"),
    path("<uuid:pk>/reopen/", record.concern_reopen, name="concern_reopen"),
    path("<uuid:pk>/entry/", record.concern_entry, name="concern_entry"),
    path("<uuid:pk>/reply/", record.concern_reply, name="concern_reply"),
    path("<uuid:pk>/action/", record.concern_action, name="concern_action"),
    path("<uuid:pk>/person/", record.concern_person, name="concern_person"),
    path("<uuid:pk>/steps/<slug:step>/", procedure.concern_step, name="concern_step"),
    path("<uuid:pk>/actions/<uuid:action>/done/", record.concern_done, name="concern_done"),
    path("<uuid:pk>/entries/<uuid:entry>/correct/", record.concern_correct, name="concern_correct"),
    path("<uuid:pk>/entries/<uuid:entry>/error/", record.concern_error, name="concern_error"),
    path("adults/", lists.adult_concern_list, name="adult_concern_list"),
    path("adults/<uuid:pk>/", record.adult_concern_detail, name="adult_concern_detail"),
    path("adults/<uuid:pk>/assign/", record.adult_concern_assign, name="adult_concern_assign"),
    path("adults/<uuid:pk>/triage/", record.adult_concern_triage, name="adult_concern_triage"),
    path("adults/<uuid:pk>/close/", record.adult_concern_close, name="adult_concern_close"),
    path("adults/<uuid:pk>/reopen/", record.adult_concern_reopen, name="adult_concern_reopen"),
    path("adults/<uuid:pk>/entry/", record.adult_concern_entry, name="adult_concern_entry"),
    path("adults/<uuid:pk>/reply/", record.adult_concern_reply, name="adult_concern_reply"),
    path("adults/<uuid:pk>/action/", record.adult_concern_action, name="adult_concern_action"),
    path("adults/<uuid:pk>/steps/<slug:step>/", procedure.adult_concern_step, name="adult_concern_step"),
    path("adults/<uuid:pk>/person/", record.adult_concern_person, name="adult_concern_person"),
    path(
        "adults/<uuid:pk>/actions/<uuid:action>/done/", record.adult_concern_done, name="adult_concern_done"
    ),
    path(
        "adults/<uuid:pk>/entries/<uuid:entry>/correct/",
        record.adult_concern_correct,
        name="adult_concern_correct",
    ),
    path(
        "adults/<uuid:pk>/entries/<uuid:entry>/error/", record.adult_concern_error, name="adult_concern_error"
    ),
]
