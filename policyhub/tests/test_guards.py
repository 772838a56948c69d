"""The house rules that no linter knows. Beside each guard stands a planted fault: a guard that cannot fail proves nothing."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.db.migrations.loader import MigrationLoader

from policyhub.tests.sources import LAYERS, name, python_files, templates, tree
from schools.models import School, SchoolOwned

NOT_SCHOOL_OWNED = {
    "schools.User": "A person may belong to several schools.",
    "schools.Trust": "A trust holds several schools.",
    "schools.School": "The owner itself.",
    "schools.TrustAppointment": "Belongs to a trust.",
    "policies.TrustOutline": "Belongs to a trust; only its lead sees it.",
    "policies.OutlineIssue": "Belongs to a trust, whose schools all see it.",
}
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_VIEW, LONGEST_TEMPLATE = 300, 40, 30, 150


# --- Apps and tenancy -------------------------------------------------------------------------------------------------


def points_upwards(app: str, other: str) -> bool:
    return LAYERS.index(other) > LAYERS.index(app)


def test_no_foreign_key_points_to_an_app_above():
    fields = [
        field
        for model in apps.get_models()
        if model._meta.app_label in LAYERS
        for field in model._meta.fields
    ]
    related = [
        field for field in fields if field.related_model and field.related_model._meta.app_label in LAYERS
    ]

    upwards = [f for f in related if points_upwards(f.model._meta.app_label, f.related_model._meta.app_label)]

    assert upwards == []
    assert points_upwards("policies", "incidents")
    assert not points_upwards("incidents", "policies")


def test_every_record_belongs_to_a_school_or_is_listed_with_a_reason():
    records = [
        model for model in apps.get_models() if model._meta.app_label in LAYERS[1:] and not model._meta.proxy
    ]

    homeless = {model._meta.label for model in records if not issubclass(model, SchoolOwned)}

    assert homeless == set(NOT_SCHOOL_OWNED)


def has_school(model: type[models.Model]) -> bool:
    field = model._meta.get_field("school")
    return isinstance(field, models.ForeignKey) and field.related_model is School and not field.null


def test_every_school_owned_table_has_a_school_that_is_never_empty():
    owned = [model for model in apps.get_models() if issubclass(model, SchoolOwned)]

    assert [model._meta.label for model in owned if not has_school(model)] == []
    assert len(owned) > 5


# --- Views, forms, SQL ------------------------------------------------------------------------------------------------


def find_managers(source: str) -> list[int]:
    """Lines that reach rows past the school."""
    managers = [
        n.lineno
        for n in tree(source)
        if isinstance(n, ast.Attribute) and n.attr in ("objects", "_default_manager")
    ]
    calls = [n for n in tree(source) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.args]
    bare = [
        n
        for n in calls
        if n.func.id in ("get_object_or_404", "get_list_or_404") and isinstance(n.args[0], ast.Name)
    ]
    return managers + [n.lineno for n in bare if n.args[0].id[0].isupper()]


def test_views_reach_rows_through_the_school():
    views = [path for path in python_files() if path.stem == "views" or path.parent.name == "views"]

    assert [(name(path), line) for path in views for line in find_managers(path.read_text())] == []
    assert find_managers("a = Policy.objects.all()\nget_object_or_404(Policy, pk=1)") == [1, 2]
    assert find_managers("get_object_or_404(request.school.policies, pk=1)") == []


def find_open_forms(source: str) -> list[int]:
    """Lines where a form takes whatever fields its model has."""
    settings = [n for n in tree(source) if isinstance(n, ast.Assign | ast.AnnAssign)]
    targets = [
        (n, getattr(t, "id", ""))
        for n in settings
        for t in (n.targets if isinstance(n, ast.Assign) else [n.target])
    ]
    all_fields = [
        n.lineno
        for n, target in targets
        if target == "fields" and ast.unparse(n.value or n) in ("'__all__'", "forms.ALL_FIELDS")
    ]
    return all_fields + [n.lineno for n, target in targets if target == "exclude"]


def test_forms_name_their_fields():
    forms = [path for path in python_files() if "forms" in (path.stem, path.parent.name)]

    assert [(name(path), line) for path in forms for line in find_open_forms(path.read_text())] == []
    assert find_open_forms("class Meta:\n    fields = '__all__'\n    exclude = ['school']") == [2, 3]
    assert find_open_forms("class Meta:\n    fields = ['title']") == []


def find_raw_sql(source: str) -> list[int]:
    """Lines with SQL past the query builder, or SQL put together from strings."""
    calls = [n for n in tree(source) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    raw = [n.lineno for n in calls if n.func.attr in ("raw", "extra", "RawSQL")]
    run = [n for n in calls if n.func.attr in ("execute", "executemany") and n.args]
    built = [n for n in run if isinstance(n.args[0], ast.JoinedStr | ast.BinOp | ast.Call)]
    return raw + [n.lineno for n in built if not ast.unparse(n.args[0]).startswith("sql.SQL(")]


def test_sql_is_never_put_together_from_strings():
    modules = [
        path for path in python_files() if not name(path).startswith(("core/db/", "policyhub/testing/"))
    ]

    assert [(name(path), line) for path in modules for line in find_raw_sql(path.read_text())] == []
    assert find_raw_sql("Policy.objects.raw('x')\nc.execute(f'SELECT {x}')\nc.execute('a %s' % x)") == [
        1,
        2,
        3,
    ]
    assert (
        find_raw_sql("c.execute('SELECT %s', [x])\nc.execute(sql.SQL('DROP {}').format(sql.Identifier(x)))")
        == []
    )


# --- Templates --------------------------------------------------------------------------------------------------------

FORBIDDEN_MARKUP = {
    "script with a body": r"<script(?![^>]*\bsrc=)|<script[^>]*>\s*[^\s<]",
    "inline style": r"\sstyle\s*=|<style",
    "inline handler": r"\son[a-z]+\s*=\s*[\"']",
    "unescaped text": r"\|\s*safe(seq)?\b|autoescape\s+off",
    "include that sees everything": r"{%-?\s*include\b(?![^%]*\bonly\b)",
}
EXCUSED = {
    "inline style": ("templates/emails/", "templates/pdf/"),  # no browser shows them
    "include that sees everything": ("templates/gallery/index.html",),  # all components with all samples
}


def find_forbidden_markup(path: str, text: str) -> list[str]:
    found = [what for what, pattern in FORBIDDEN_MARKUP.items() if re.search(pattern, text, re.IGNORECASE)]
    return [f"{path}: {what}" for what in found if not path.startswith(EXCUSED.get(what, ("-",)))]


def test_templates_hold_no_script_no_style_and_nothing_unescaped():
    found = [fault for path in templates() for fault in find_forbidden_markup(name(path), path.read_text())]

    assert found == []


@pytest.mark.parametrize(
    "fault",
    [
        "<script>x()</script>",
        '<p style="x">',
        "<style>",
        '<a onclick="x">',
        "{{ a|safe }}",
        "{% autoescape off %}",
        '{% include "a" %}',
    ],
)
def test_the_guard_of_templates_sees_each_fault(fault):
    assert len(find_forbidden_markup("templates/base.html", fault)) == 1
    assert (
        find_forbidden_markup(
            "templates/base.html", '<script src="x" defer></script>{% include "a" with b=c only %}'
        )
        == []
    )


# --- Size, migrations -------------------------------------------------------------------------------------------------


def find_long(path: str, source: str) -> list[str]:
    """The module and its functions, where they are longer than the house allows."""
    lines = source.count("\n")
    longest = LONGEST_VIEW if re.search(r"/views(/|\.py)", path) else LONGEST_FUNCTION
    functions = [n for n in tree(source) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [f"{path}:{n.lineno} {n.name}" for n in functions if (n.end_lineno or 0) - n.lineno + 1 > longest]
    return long + ([f"{path}: {lines} lines"] if lines > LONGEST_MODULE else [])


def test_modules_functions_and_templates_stay_small():
    long = [fault for path in python_files(tests=True) for fault in find_long(name(path), path.read_text())]
    tall = [name(path) for path in templates() if path.read_text().count("\n") > LONGEST_TEMPLATE]

    assert (long, tall) == ([], [])
    assert len(find_long("a/views.py", "def f():\n" + "    a = 1\n" * 30)) == 1
    assert len(find_long("a/models.py", "a = 1\n" * 301)) == 1


@pytest.mark.django_db
def test_migrations_are_made_and_have_one_head_for_each_app():
    heads = Counter(app for app, _ in MigrationLoader(None).graph.leaf_nodes() if app in LAYERS)
    halves = [
        path
        for path in python_files(migrations=True)
        if re.search(r"^\s*atomic = False", path.read_text(), re.MULTILINE)
    ]

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

    assert (set(heads.values()), halves) == ({1}, [])
