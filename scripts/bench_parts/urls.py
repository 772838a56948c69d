"""The addresses of the hub, and below the school those of the floor."""

from django.urls import include, path

from bench_parts import floor

urlpatterns = [
    path("s/<slug:slug>/floor/<int:rows>/", floor.rows_page, name="floor_rows"),
    path("s/<slug:slug>/floor/<int:rows>/append/", floor.appending_page, name="floor_append"),
    path("s/<slug:slug>/floor/insert/", floor.insert, name="floor_insert"),
    path("floor/<uuid:school_id>/<int:rows>/", floor.bare_page, name="floor_bare"),
    path("", include("policyhub.urls")),
]
