"""Addresses of the registers app, below the school."""

from django.urls import path

from registers import views

app_name = "registers"
urlpatterns = [
    path("", views.index, name="index"),
    path("entries/<uuid:pk>/", views.entry_detail, name="entry_detail"),
    path("entries/<uuid:pk>/correct/", views.entry_correct, name="entry_correct"),
    path("<slug:register>/", views.entry_list, name="entry_list"),
    path("<slug:register>/new/", views.entry_create, name="entry_create"),
]
