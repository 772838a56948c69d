"""Tenancy: schools, their people, and what these may do."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "schools"
