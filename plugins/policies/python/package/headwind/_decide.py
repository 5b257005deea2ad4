# SPDX-License-Identifier: Apache-2.0
"""One decision: the question put to the policy, its answer made sure of. The operator and unit tests share it."""

import json
import sys

from headwind._native import Candidate, check_parameters
from headwind._words import Choose, Hold, ParameterError, Slot, Workload

NO_PARAMETERS = '{"type": "object", "additionalProperties": false}'


class Answer:
    """What came of a decision: `tag` is to run, or None; `reason` says why; `notes` has the sentence on each tag."""

    __slots__ = ("tag", "reason", "notes", "index")

    def __init__(self, index, tag, reason, notes):
        self.index = index
        self.tag = tag
        self.reason = reason
        self.notes = notes

    def __repr__(self):
        return f"Answer(tag={self.tag!r}, reason={self.reason!r})"


def schema_of(policy):
    """JSON text of the attribute `schema` of `policy`, or else of its module; without one it takes no parameters."""
    schema = getattr(policy, "schema", None)
    if schema is None:
        schema = getattr(sys.modules.get(getattr(policy, "__module__", None)), "schema", None)
    if schema is None:
        return NO_PARAMETERS
    return schema if isinstance(schema, str) else json.dumps(schema)


def callable_of(policy):
    """The function behind a policy: itself, or the method `choose` of an object of the class."""
    if isinstance(policy, type):
        policy = policy()
    if callable(getattr(policy, "choose", None)):
        return policy.choose
    if not callable(policy):
        raise TypeError(f"{policy!r} is neither a function nor a class with a method choose")
    return policy


def ask(function, schema, workload, slot, candidates, parameters):
    """(index, reason) for a list of Candidates; the index is -1 where everything stays. `parameters` is JSON text."""
    try:
        checked = check_parameters(schema, parameters)
    except ValueError as wrong:
        raise ParameterError(str(wrong)) from None
    # A copy: whoever sorts it in place does not move our rows.
    answer = function(workload, slot, list(candidates), json.loads(checked))
    if answer is None:
        return -1, "the policy chose none of %d tags" % len(candidates)
    if isinstance(answer, Hold):
        return -1, answer.reason
    reason = ""
    if isinstance(answer, Choose):
        answer, reason = answer.candidate, answer.reason
    return index_of(answer, candidates), reason or "the policy chose it"


def index_of(answer, candidates):
    if isinstance(answer, Candidate):
        for index, candidate in enumerate(candidates):
            if candidate is answer:
                return index
        raise ValueError(f"the policy returned {answer!r}, which is not one of the candidates that it was given")
    if isinstance(answer, str):
        for index, candidate in enumerate(candidates):
            if candidate.tag == answer:
                return index
        raise ValueError(f"the policy returned {answer[:80]!r}, which is none of the {len(candidates)} candidate tags")
    raise TypeError(
        f"the policy returned a {type(answer).__name__}; return a Candidate, its tag, Choose(...), Hold(...) or None"
    )


def decide(policy, *, current, tags, workload=None, slot=None, parameters=None):
    """Asks a policy as the operator does: for unit tests.

    `tags` are str or Candidates. What the policy raises comes out; what the operator refuses is raised here, too.
    """
    candidates = [tag if isinstance(tag, Candidate) else Candidate(tag) for tag in tags]
    if slot is None:
        slot = Slot(image="docker.io/library/app", tag=current)
    index, reason = ask(
        callable_of(policy),
        schema_of(policy),
        workload if workload is not None else Workload(name="app"),
        slot,
        candidates,
        json.dumps(parameters) if parameters is not None else "",
    )
    return Answer(
        index if index >= 0 else None,
        candidates[index].tag if index >= 0 else None,
        reason,
        {candidate.tag: candidate.note for candidate in candidates if candidate.note},
    )
