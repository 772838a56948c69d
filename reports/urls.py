"""Addresses of reports: the school's home page, children and term reports, and the page of a trust, outside any school."""

from django.urls import path

from reports.views import child, home, term, trust

app_name = "reports"
urlpatterns = [
    path("", home.home, name="home"),
    path("actions/", home.action_list, name="action_list"),
    path("children/", child.child_find, name="child_find"),
    path("children/<uuid:pk>/", child.child_detail, name="child_detail"),
    path("reports/", term.report_list, name="report_list"),
    path("reports/<uuid:pk>/", term.report_detail, name="report_detail"),
    path("reports/<uuid:pk>/prepare/", term.report_prepare, name="report_prepare"),
    path("reports/<uuid:pk>/publish/", term.report_publish, name="report_publish"),
    path("reports/<uuid:pk>/pdf/", term.report_pdf, name="report_pdf"),
    path("terms/<uuid:pk>/report/", term.report_create, name="report_create"),
]
trust_urlpatterns = [path("<slug:slug>/", trust.standing, name="trust_standing")]
