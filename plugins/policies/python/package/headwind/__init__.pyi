# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Optional, Union

class Version:
    """A version as it occurs in tags: v1.25.3-alpine3.19. Order is that of the built-in policies."""

    def __init__(self, text: str) -> None: ...  # ValueError where it is none
    @staticmethod
    def parse(text: str) -> Optional[Version]: ...
    @property
    def text(self) -> str: ...
    @property
    def parts(self) -> tuple[int, ...]: ...  # one to four
    @property
    def major(self) -> int: ...
    @property
    def minor(self) -> int: ...  # 0 where it is missing, as patch
    @property
    def patch(self) -> int: ...
    @property
    def prefix(self) -> str: ...  # "release-"
    @property
    def prerelease(self) -> str: ...  # "rc.1"
    @property
    def channel(self) -> str: ...  # "rc"
    @property
    def variant(self) -> str: ...  # "alpine3.19"
    @property
    def revision(self) -> str: ...
    @property
    def build(self) -> str: ...
    def same_shape(self, other: Version) -> bool: ...  # prefix, variant (its number aside) and number of parts
    def __eq__(self, other: object) -> bool: ...
    def __ne__(self, other: object) -> bool: ...
    def __lt__(self, other: Version) -> bool: ...
    def __le__(self, other: Version) -> bool: ...
    def __gt__(self, other: Version) -> bool: ...
    def __ge__(self, other: Version) -> bool: ...
    def __hash__(self) -> int: ...

class Range:
    """Made by semver_range. `version in range`; prefix and variant do not count."""

    def __contains__(self, version: Union[Version, Candidate, str]) -> bool: ...

def semver_range(text: str) -> Range: ...  # ">=1.4 <2", "^1.2 || ~3.1", "1.x"; ValueError
def glob(pattern: str, tag: str) -> bool: ...  # * any text, ? one character
def calver(tag: str, scheme: str = "YYYY.0M.MICRO") -> Optional[tuple[int, ...]]: ...  # None where it does not fit
def is_signature(tag: str) -> bool: ...

class Candidate:
    """A tag that could run."""

    def __init__(self, tag: str, digest: Optional[str] = None, pushed: Optional[datetime] = None) -> None: ...
    @property
    def tag(self) -> str: ...
    @property
    def digest(self) -> Optional[str]: ...
    @property
    def pushed(self) -> Optional[datetime]: ...  # UTC; None where the registry does not tell
    @property
    def version(self) -> Optional[Version]: ...  # read when it is asked for
    note: str  # a sentence about this tag, for `headwind policy test`

class Workload:
    kind: str
    namespace: str
    name: str
    labels: dict[str, str]
    annotations: dict[str, str]
    def __init__(
        self,
        kind: str = "Deployment",
        namespace: str = "default",
        name: str = "",
        labels: Optional[Mapping[str, str]] = None,
        annotations: Optional[Mapping[str, str]] = None,
    ) -> None: ...

class Slot:
    name: str  # "containers/web"
    image: str  # "docker.io/library/nginx"
    tag: str  # what runs
    digest: Optional[str]
    pushed: bool  # a push named the candidates
    def __init__(
        self,
        name: str = "containers/app",
        image: str = "",
        tag: str = "",
        digest: Optional[str] = None,
        pushed: bool = False,
    ) -> None: ...
    @property
    def container(self) -> str: ...
    @property
    def version(self) -> Optional[Version]: ...

class Hold:
    reason: str
    def __init__(self, reason: str) -> None: ...

class Choose:
    candidate: Union[Candidate, str]
    reason: str
    def __init__(self, candidate: Union[Candidate, str], reason: str = "") -> None: ...

class ParameterError(ValueError): ...
class Undeliverable(Exception): ...

class Event:
    type: str  # "update_completed"
    id: str  # the same id is the same event
    severity: str  # debug, info, warn, error
    unix_ms: int
    subject: str
    old: str  # images; may be empty
    new: str
    text: str
    link: str
    details: dict[str, Any]
    secrets: dict[str, str]  # those that settings.secrets names
    def __init__(
        self,
        type: str,
        id: str = "",
        severity: str = "info",
        unix_ms: int = 0,
        subject: str = "",
        old: str = "",
        new: str = "",
        text: str = "",
        link: str = "",
        details: Optional[Mapping[str, Any]] = None,
        secrets: Optional[Mapping[str, str]] = None,
    ) -> None: ...

class Overrun(BaseException): ...

_Policy = Callable[[Workload, Slot, list[Candidate], dict[str, Any]], Union[Candidate, str, Choose, Hold, None]]

class Answer:
    def __init__(self, index: Optional[int], tag: Optional[str], reason: str, notes: dict[str, str]) -> None: ...
    tag: Optional[str]
    reason: str
    notes: dict[str, str]
    index: Optional[int]

def decide(
    policy: Union[_Policy, type],
    *,
    current: str,
    tags: Iterable[Union[str, Candidate]],
    workload: Optional[Workload] = None,
    slot: Optional[Slot] = None,
    parameters: Optional[Mapping[str, Any]] = None,
) -> Answer: ...
