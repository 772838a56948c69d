"""Addresses of the policies app, below the school."""

from django.urls import path

from policies.views import importing, life, reading, signing

app_name = "policies"
urlpatterns = [
    path("", reading.policy_list, name="policy_list"),
    path("import/", importing.document_upload, name="document_upload"),
    path("import/<uuid:pk>/", importing.document_preview, name="document_preview"),
    path("import/<uuid:pk>/original/", importing.source_download, name="source_download"),
    path("<uuid:pk>/", reading.policy_detail, name="policy_detail"),
    path("versions/<uuid:pk>/", reading.version_detail, name="version_detail"),
    path("versions/<uuid:pk>/acknowledge/", reading.version_acknowledge, name="version_acknowledge"),
    path("versions/<uuid:pk>/readers/", reading.version_readers, name="version_readers"),
    path("versions/<uuid:pk>/ratify/", life.version_ratify, name="version_ratify"),
    path("versions/<uuid:pk>/start/", life.version_start, name="version_start"),
    path("versions/<uuid:pk>/withdraw/", life.version_withdraw, name="version_withdraw"),
    path("versions/<uuid:pk>/sign/", signing.version_sign, name="version_sign"),
    path("versions/<uuid:pk>/signed/", signing.document_download, name="document_download"),
]
