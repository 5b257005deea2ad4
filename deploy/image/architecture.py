# SPDX-License-Identifier: Apache-2.0
"""The names of one machine: Debian's, the directory of its libraries, and that of container images."""
from dataclasses import dataclass

from packages import Failure, run


@dataclass(frozen=True)
class Architecture:
    debian: str  # as dpkg and the names of packages have it
    triplet: str  # Debian's directory below /usr/lib
    oci: str  # GOARCH, which an image's configuration names
    variant: str = ""  # GOARM and the like, where the architecture alone does not say it

    def fields(self):
        """Of an image's configuration."""
        return {"architecture": self.oci} | ({"variant": self.variant} if self.variant else {})


# The 64-bit ones that Debian 12 releases: the program counts on 64 bits, and nodes of Kubernetes have them.
KNOWN = {
    known.debian: known
    for known in (
        Architecture("amd64", "x86_64-linux-gnu", "amd64"),
        Architecture("arm64", "aarch64-linux-gnu", "arm64", "v8"),
        Architecture("ppc64el", "powerpc64le-linux-gnu", "ppc64le"),
        Architecture("s390x", "s390x-linux-gnu", "s390x"),
    )
}


def architecture_of(debian):
    if debian not in KNOWN:
        raise Failure(f"no image is made for Debian's architecture {debian}: make it on a machine of {', '.join(sorted(KNOWN))}")
    return KNOWN[debian]


def native():
    """Of the packages that are installed here, which the programs were linked with."""
    return architecture_of(run("dpkg", "--print-architecture").strip())
