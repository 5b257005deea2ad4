# SPDX-License-Identifier: Apache-2.0
"""What a policy in Python has of Headwind: versions, ranges, and the words of its question and answer.

Inside the operator and in a plain interpreter this is the same package, so policies can be tested with pytest.
"""

from headwind._native import Candidate, Range, Version, calver, glob, is_signature, semver_range
from headwind._words import Choose, Event, Hold, Overrun, ParameterError, Slot, Undeliverable, Workload
from headwind._decide import Answer, decide

__all__ = [
    "Answer",
    "Candidate",
    "Choose",
    "Event",
    "Hold",
    "Overrun",
    "ParameterError",
    "Range",
    "Slot",
    "Undeliverable",
    "Version",
    "Workload",
    "calver",
    "decide",
    "glob",
    "is_signature",
    "semver_range",
]
