"""The one direction: an app knows only what lies below it. The import linter cannot see strings."""

import pytest
from django.apps import apps

LAYERS = {
    "people": 0,
    "curriculum": 0,
    "offline": 0,
    "programme": 1,
    "assessments": 2,
    "printing": 3,
    "progress": 4,
    "certificates": 5,
    "supervision": 6,
    "demonstration": 7,
}
LEAVES = {"people", "curriculum", "offline"}


@pytest.mark.parametrize("app", LAYERS)
def test_foreign_keys_point_downwards(app: str) -> None:
    upward = [
        f"{field.model.__name__}.{field.name}"
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if LAYERS.get(field.related_model._meta.app_label, 0) > LAYERS[app]
    ]
    assert upward == []


def test_leaves_do_not_know_each_other() -> None:
    """The user model is the one exception: settings name it, not an app."""
    across = [
        f"{field.model.__name__}.{field.name}"
        for app in LEAVES
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if field.related_model._meta.app_label in LEAVES - {app} and field.related_model._meta.label != "people.User"
    ]
    assert across == []
