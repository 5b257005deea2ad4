# SPDX-License-Identifier: Apache-2.0
from headwind._native import Candidate, Version


class Workload:
    """What is updated."""

    __slots__ = ("kind", "namespace", "name", "labels", "annotations")

    def __init__(self, kind="Deployment", namespace="default", name="", labels=None, annotations=None):
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.labels = dict(labels or {})
        self.annotations = dict(annotations or {})

    def __repr__(self):
        return f"Workload({self.kind} {self.namespace}/{self.name})"


class Slot:
    """Where in the workload, and what runs there now."""

    __slots__ = ("name", "image", "tag", "digest", "pushed")

    def __init__(self, name="containers/app", image="", tag="", digest=None, pushed=False):
        self.name = name
        self.image = image
        self.tag = tag
        self.digest = digest
        self.pushed = pushed

    @property
    def container(self):
        return self.name.rpartition("/")[2]

    @property
    def version(self):
        return Version.parse(self.tag)

    def __repr__(self):
        return f"Slot({self.name} {self.image}:{self.tag})"


class Hold:
    """The answer: everything stays as it is, and why."""

    __slots__ = ("reason",)

    def __init__(self, reason):
        if not isinstance(reason, str):
            raise TypeError("the reason of a Hold is a str")
        self.reason = reason


class Choose:
    """The answer: this candidate is to run, and why."""

    __slots__ = ("candidate", "reason")

    def __init__(self, candidate, reason=""):
        if not isinstance(candidate, (Candidate, str)):
            raise TypeError("choose a Candidate, or its tag as a str")
        if not isinstance(reason, str):
            raise TypeError("the reason of a Choose is a str")
        self.candidate = candidate
        self.reason = reason


class Event:
    """What a notifier is told: see docs/policies-python.md."""

    __slots__ = ("type", "id", "severity", "unix_ms", "subject", "old", "new", "text", "link", "details", "secrets")

    def __init__(
        self, type, id="", severity="info", unix_ms=0, subject="", old="", new="", text="", link="", details=None,
        secrets=None
    ):
        self.type = type
        self.id = id
        self.severity = severity
        self.unix_ms = unix_ms
        self.subject = subject
        self.old = old
        self.new = new
        self.text = text
        self.link = link
        self.details = dict(details or {})
        self.secrets = dict(secrets or {})

    def __repr__(self):
        return f"Event({self.type} {self.subject})"


class Undeliverable(Exception):
    """Raised by a notifier: this event never can be delivered, the others can."""


class ParameterError(ValueError):
    """The annotation headwind.sh/policy-config does not fit the schema of the policy."""


class Overrun(BaseException):
    """Raised in a script that does not end in time. Let it pass."""


Overrun.__module__ = "headwind"
