"""The types of the package, compared with the API's document."""

import json
from dataclasses import fields
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
import restow
from conftest import REPOSITORY

SCHEMAS: dict[str, Any] = json.loads((REPOSITORY / "openapi.json").read_text())["components"]["schemas"]
SAME_NAME = (
    restow.Change,
    restow.Column,
    restow.Dataset,
    restow.Difference,
    restow.DistinctCount,
    restow.Finding,
    restow.Histogram,
    restow.Job,
    restow.JobError,
    restow.JobProgress,
    restow.Policy,
    restow.Preview,
    restow.ReadOptions,
    restow.SchemaDiff,
    restow.TopValue,
    restow.Version,
)


def literals(hint: Any) -> set[str]:
    """The texts that a type admits, also if it admits None too."""
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    return {text for argument in get_args(hint) for text in literals(argument)}


@pytest.mark.parametrize(
    ("kind", "schema"), [*((kind, kind.__name__) for kind in SAME_NAME), (restow.ErrorDetail, "ValidationError")]
)
def test_members_are_those_of_the_document(kind: type[Any], schema: str) -> None:
    members = {field.name.removesuffix("_") for field in fields(kind)}
    assert members == set(SCHEMAS[schema]["properties"])


@pytest.mark.parametrize("kind", SAME_NAME)
def test_optional_members_may_be_none(kind: type[Any]) -> None:
    schema = SCHEMAS[kind.__name__]
    hints = get_type_hints(kind)
    for field in fields(kind):
        name = field.name.removesuffix("_")
        property_ = schema["properties"][name]
        is_collection = property_.get("type") in ("array", "object") or hints[field.name] is Any
        if (name not in schema.get("required", []) or property_.get("nullable")) and not is_collection:
            assert NoneType in get_args(hints[field.name]), f"{kind.__name__}.{name}"


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (restow.Acceptance, "Acceptance"),
        (restow.ChangeKind, "ChangeKind"),
        (restow.ColumnType, "ColumnType"),
        (restow.JobStatus, "JobStatus"),
        (restow.PolicyAction, "PolicyAction"),
        (get_type_hints(restow.Finding)["severity"], "Severity"),
        (get_type_hints(restow.JobProgress)["phase"], "JobPhase"),
        (get_type_hints(restow.ReadOptions)["compression"], "Compression"),
        (get_type_hints(restow.ReadOptions)["format"], "Format"),
        (get_type_hints(restow.SchemaDiff)["verdict"], "Verdict"),
    ],
)
def test_texts_are_those_of_the_document(hint: Any, schema: str) -> None:
    document = SCHEMAS[schema]
    alternatives = document.get("oneOf") or document.get("anyOf") or [document]
    assert literals(hint) == {text for alternative in alternatives for text in alternative["enum"]}
