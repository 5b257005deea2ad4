# SPDX-License-Identifier: Apache-2.0
"""For tags that are a word and a number, such as build-142: the highest number of those with the running tag's word."""

import re

import headwind

schema = {  # of the annotation headwind.sh/policy-config; its defaults are filled in
    "type": "object",
    "additionalProperties": False,
    "properties": {"at_most": {"type": "integer", "minimum": 1}},
}


def parts(tag):
    return re.fullmatch(r"(.*?)(\d{1,18})", tag)


def choose(workload, slot, candidates, parameters):
    """Answers a candidate, headwind.Hold("why"), or None. It is asked from its question alone: no files, no network."""
    running = parts(slot.tag)
    if running is None:
        return headwind.Hold(f"{slot.tag} does not end with a number")
    higher = []
    for candidate in candidates:
        found = parts(candidate.tag)
        if found is None or found[1] != running[1]:
            candidate.note = "is not of the running tag's form"
        elif not int(running[2]) < int(found[2]) <= parameters.get("at_most", int(found[2])):
            candidate.note = "has no higher number, or one beyond at_most"
        else:
            higher.append((int(found[2]), candidate))
    return max(higher, key=lambda pair: pair[0])[1] if higher else headwind.Hold("no tag has a higher number")
