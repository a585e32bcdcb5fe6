"""Takes schemathesis to where generated values alone do not lead.

The bytes of an upload go to S3, which the document does not describe, and the state of a job is nobody's parameter. So
these hooks upload what a test asked URLs for, wait for what goes on by itself, and give half of the tests with a valid
path the ids of things that exist, in each state in turn; and names that nothing else has, where names are unique.
"""

import atexit
import itertools
import json
import os
import uuid
import zlib
from collections import Counter, defaultdict
from pathlib import Path

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

import method_checks  # noqa: F401  registers its checks
from api import Api
from things import Things

API = Api(os.environ["RESTOW_API"], os.environ["RESTOW_TOKEN"])
THINGS = Things(API)

LARGEST_UPLOAD = 64 * 1024

# Tests of each operation so far; every second one gets the ids of things that exist.
TURNS: defaultdict[str, itertools.count] = defaultdict(itertools.count)

# Answers of each operation by their status, and tests of each phase.
ANSWERS: defaultdict[str, Counter] = defaultdict(Counter)
PHASES: Counter = Counter()


@atexit.register
def write_summary():
    Path(os.environ["RESTOW_SUMMARY"]).write_text(json.dumps({"operations": ANSWERS, "phases": PHASES}))


def operation_id(case):
    return case.operation.definition.raw["operationId"]


def is_of_its_operation(case):
    """Whether a test has the method of its operation; some try others."""
    return case.method.upper() == case.operation.method.upper()


@schemathesis.hook
def before_call(context, case, kwargs):
    """What is invalid stays so. Scenarios of several steps keep the ids that their links bring."""
    if case.meta is None or not is_of_its_operation(case):
        return
    if case.meta.phase.name == TestPhase.STATEFUL:
        give_fresh_name(case)
        made_up = [value for value in case.path_parameters.values() if is_made_up(value)]
        if made_up:
            # A scenario that is played again must go the same way: neither a counter nor an earlier one decides.
            THINGS.forget()
            give_path_parameters(case, zlib.crc32(made_up[0].encode()))
        return
    turn = next(TURNS[operation_id(case)])
    if turn % 2 == 0:
        give_fresh_name(case)
        give_path_parameters(case, turn // 2)


def is_made_up(value):
    """Whether a value is an id, but none of the server's, which are UUIDs of version 7."""
    try:
        return uuid.UUID(value).version != 7
    except (AttributeError, ValueError):
        return False


def give_path_parameters(case, choice):
    """Ids of things that exist, of which each choice is another."""
    if case.path_parameters and not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters = THINGS.path_parameters(operation_id(case), set(case.path_parameters), choice)


def give_fresh_name(case):
    """A name that no dataset has, so that a scenario that is played again succeeds again."""
    named = isinstance(case.body, dict) and "name" in case.body
    if named and not case.meta.is_negative_at(ParameterLocation.BODY):
        case.body = {**case.body, "name": THINGS.fresh_name()}


@schemathesis.hook
def after_call(context, case, response):
    """Does what a client does between two calls."""
    operation = operation_id(case)
    if not is_of_its_operation(case):
        return
    ANSWERS[operation][response.status_code] += 1
    if case.meta is not None:
        PHASES[case.meta.phase.name.value] += 1
    if operation == "request_presigned_reupload" and response.status_code == 201:
        if case.body["file_size"] <= LARGEST_UPLOAD:
            API.upload(response.json(), b"\n" * int(case.body["file_size"]))
    if operation == "complete_presigned_reupload" and response.status_code == 200:
        API.settled(response.json()["job_id"])

