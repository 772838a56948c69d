"""Addresses of the devices desk, below the school."""

from django.urls import path

from devices import views

app_name = "devices"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("receive/", views.device_receive, name="device_receive"),
    path("<uuid:pk>/", views.device_detail, name="device_detail"),
    path("<uuid:pk>/receipt/", views.device_receipt, name="device_receipt"),
    path("<uuid:pk>/hold/", views.device_hold, name="device_hold"),
    path("<uuid:pk>/lift/", views.device_lift, name="device_lift"),
    path("<uuid:pk>/release/", views.device_release, name="device_release"),
]
