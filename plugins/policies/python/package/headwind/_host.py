# SPDX-License-Identifier: Apache-2.0
"""The operator's side: files become policies, exceptions become sentences. Not for authors."""

import _thread
import json
import linecache
import os
import sys
import traceback
import types

from headwind._decide import ask, callable_of, schema_of
from headwind._native import check_parameters
from headwind._words import Event, Overrun, Slot, Workload

LONGEST_FILE = 1 << 20
LONGEST_LINE = 160
LONGEST_MESSAGE = 400


class Loaded:
    __slots__ = ("function", "schema")

    def __init__(self, function, schema):
        self.function = function
        self.schema = schema


def load(path, name, wanted):
    """Runs the file in a module of its own and finds the policy in it."""
    with open(path, "rb") as file:
        source = file.read(LONGEST_FILE + 1)
    if len(source) > LONGEST_FILE:
        raise ValueError("the file is longer than 1 MiB")
    # What a traceback shows is what was run, however the file looks later.
    lines = source.decode("utf-8", "replace").splitlines(keepends=True)
    linecache.cache[path] = (len(source), None, lines, path)
    module = types.ModuleType("headwind_policy_" + "".join(c if c.isalnum() else "_" for c in name))
    module.__file__ = path
    before = sys.modules.get(module.__name__)
    sys.modules[module.__name__] = module  # dataclasses and pickle look themselves up
    try:
        exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
        policy = getattr(module, wanted, None)
        if policy is None:
            raise AttributeError(f"the file defines no {wanted}; settings.callable names the function or class")
        schema = schema_of(policy)
        if getattr(policy, "schema", None) is None and getattr(module, "schema", None) is not None:
            schema = schema_of(module)
        check_schema(schema)
        return Loaded(callable_of(policy), schema)
    except BaseException:
        if before is None:
            del sys.modules[module.__name__]
        else:
            sys.modules[module.__name__] = before
        raise


def check_schema(schema):
    try:
        check_parameters(schema, "")
    except ValueError as wrong:
        # A required parameter is missing from nothing: that is for each workload to mend.
        if str(wrong).startswith("the schema is not"):
            raise


def choose(loaded, candidates, workload, slot, image, tag, digest, pushed, parameters):
    """(index or -1, reason) of one decision."""
    told = json.loads(workload) if workload else {}
    asked = Workload(
        told.get("kind", ""), told.get("namespace", ""), told.get("name", ""), told.get("labels"), told.get("annotations")
    )
    try:
        return ask(
            loaded.function, loaded.schema, asked, Slot(slot, image, tag, digest or None, pushed), candidates, parameters
        )
    except (TypeError, ValueError) as error:
        error._headwind_asked = loaded.function
        raise


def notes(candidates):
    return [candidate.note for candidate in candidates]


def send(loaded, event):
    """Delivers one event; what the script raises comes out, and explain() knows what of it is secret."""
    told = Event(**json.loads(event))
    hidden = secret_parts(told.secrets.values())
    try:
        loaded.function(told)
    except BaseException as error:
        error._headwind_hidden = hidden
        raise


def secret_parts(secrets):
    """What must not be read in an error, the longest first: urllib quotes a URL as a whole, or its path alone."""
    parts = set()
    for secret in secrets:
        parts |= {secret, secret.strip(), "/".join([""] + secret.strip().split("/")[3:]) if "://" in secret else ""}
    return sorted((part for part in parts if len(part) > 3), key=len, reverse=True)


def explain(error, path, seconds, mebibytes):
    """One sentence: "canary.py:12: ZeroDivisionError: division by zero (in: ratio = 1 / 0)"."""
    line, source = place_of(error, path)
    if isinstance(error, Overrun):
        what = f"did not end within {seconds:g} s"
    elif isinstance(error, SystemExit):
        what = f"called sys.exit({error.code!r})"
    elif isinstance(error, MemoryError):
        what = f"asked for more memory than settings.memory_mib allows ({mebibytes} MiB)"
    elif isinstance(error, SyntaxError):
        what = f"{type(error).__name__}: {error.msg}"
    else:
        what = f"{type(error).__name__}: {error}"
    for part in getattr(error, "_headwind_hidden", ()):
        what = what.replace(part, "(secret)")
    return sentence(path, line, what, source)


def sentence(path, line, what, source):
    what = " ".join(what.split())
    source = " ".join(source.split())
    if len(what) > LONGEST_MESSAGE:
        what = what[:LONGEST_MESSAGE] + "..."
    if len(source) > LONGEST_LINE:
        source = source[:LONGEST_LINE] + "..."
    where = os.path.basename(path) + (f":{line}" if line else "")
    return f"{where}: {what}" + (f" (in: {source})" if source else "")


def place_of(error, path):
    """The innermost line of the policy's own file; of a wrong answer that of the function which gave it."""
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno, error.text or ""
    line, source = 0, ""
    for frame, number in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename == path:
            line, source = number, linecache.getline(path, number)
    code = getattr(getattr(error, "_headwind_asked", None), "__code__", None)
    if not line and code is not None and code.co_filename == path:
        line, source = code.co_firstlineno, linecache.getline(path, code.co_firstlineno)
    return line, source


def whereabouts(thread, path, seconds):
    """Where a script is that does not come back."""
    frame = sys._current_frames().get(thread)
    while frame is not None and frame.f_code.co_filename != path:
        frame = frame.f_back
    if frame is None:
        return ""
    what = f"did not end within {seconds:g} s and does not let itself be interrupted"
    return sentence(path, frame.f_lineno, what, linecache.getline(path, frame.f_lineno))


def refuse_exit(*arguments, **named):
    raise RuntimeError("a script may not end the process")


def refuse_thread(*arguments, **named):
    raise RuntimeError("a script may not start threads or processes, or send signals (_thread.start_new_thread)")


def tame():
    """What ends a process or starts a thread asks no audit hook (3.11). Before any script imports threading."""
    os._exit = os.abort = refuse_exit
    _thread.start_new_thread = _thread.start_new = refuse_thread
