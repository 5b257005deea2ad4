# SPDX-License-Identifier: Apache-2.0
"""What the image takes from Debian: which files the programs load, of which packages they are, and the packages' own
archives, fetched by apt in the versions that the programs were linked with here."""
import hashlib
import os
import re
import subprocess


class Failure(Exception):
    """One sentence for whoever runs the build."""


def run(*command, cwd=None):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command[:4])} failed: {(done.stderr or done.stdout).strip()[-500:]}")
    return done.stdout


def loaded_by(files):
    """Paths of all shared libraries that `files` are linked with, directly or not, as the loader finds them here."""
    found = set()
    for file in files:
        for line in run("ldd", file).splitlines():
            if "not found" in line:
                raise Failure(f"{file} needs a library that is not installed here: {line.strip()}")
            match = re.search(r"(/\S+) \(0x", line)
            if match:
                found.add(match.group(1))
    return sorted(found)


def owners_of(paths):
    """path -> the package that it is of. dpkg knows some by their path before /usr was merged."""
    names = {}
    for path in paths:
        real = os.path.realpath(path)
        for name in (path, real, real.removeprefix("/usr"), "/usr" + path):
            names.setdefault(name, path)
    # One call: each reads the lists of all packages. It fails for the names that are of none.
    said = subprocess.run(["dpkg-query", "-S", *names], capture_output=True, text=True, check=False).stdout
    packages = {}
    for line in said.splitlines():
        package, _, name = line.partition(": ")
        packages[names[name]] = package.split(":")[0]
    for path in paths:
        if path not in packages:
            raise Failure(f"{path} is of no Debian package: the image takes libraries from packages alone")
    return packages


def version_of(package):
    return run("dpkg-query", "-W", "-f", "${Version}\n", package).splitlines()[0]


def offered(packages):
    """package -> versions that the mirrors have by apt's lists here, and the one that apt would install, first."""
    names = sorted(packages)
    versions = {name: [] for name in names}
    package = None
    for line in run("env", "LC_ALL=C", "apt-cache", "policy", *names).splitlines():
        if line[:1].strip():
            package = line.rstrip(":")
        elif line.startswith("  Candidate: "):
            versions[package].append(line.split()[1])
    for line in run("env", "LC_ALL=C", "apt-cache", "madison", *names).splitlines():
        package, version = [part.strip() for part in line.split("|")[:2]]
        if package in versions:
            versions[package].append(version)
    return versions


def fetch(packages, cache, architecture):
    """package -> its archive, of {package: version}, for Debian's `architecture`; where the mirror has only a newer one of
    the release, that one."""
    os.makedirs(cache, exist_ok=True)

    def kept(package, version):
        prefix = f"{package}_{version}_".replace(":", "%3a")
        return [os.path.join(cache, name) for name in sorted(os.listdir(cache))
                if name in (f"{prefix}{architecture}.deb", f"{prefix}all.deb")]

    def obtainable():
        chosen = {package: version for package, version in packages.items() if kept(package, version)}
        others = packages.keys() - chosen.keys()
        for package, versions in (offered(others) if others else {}).items():
            chosen[package] = packages[package] if packages[package] in versions or not versions else versions[0]
        return chosen

    def download(wanted):
        missing = [f"{package}={version}" for package, version in sorted(wanted.items()) if not kept(package, version)]
        if missing:
            run("apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", *missing, cwd=cache)

    wanted = obtainable()
    try:
        download(wanted)
    except Failure:  # the lists are older than what the mirror has, or there are none
        run("apt-get", "update", "-q")
        wanted = obtainable()
        download(wanted)
    return {package: kept(package, version)[-1] for package, version in wanted.items()}


class Archive:
    """A package that is unpacked: its files, its fields, and the checksum of its archive."""

    def __init__(self, file, scratch):
        self.file = file
        with open(file, "rb") as content:
            self.sha256 = hashlib.sha256(content.read()).hexdigest()
        self.directory = os.path.join(scratch, os.path.basename(file))
        os.makedirs(self.directory)
        run("dpkg-deb", "-x", file, self.directory)
        self.control = run("dpkg-deb", "-f", file)
        fields = dict(re.findall(r"^(\S+): (.*)$", self.control, re.M))
        self.name, self.version, self.architecture = fields["Package"], fields["Version"], fields["Architecture"]
        self.source = fields.get("Source", self.name).split(" ")[0]

    def find(self, path):
        """Where the file that is installed as `path` lies unpacked, or None."""
        for candidate in (path, path.removeprefix("/usr"), "/usr" + path):
            unpacked = self.directory + candidate
            if os.path.lexists(unpacked):
                return unpacked
        return None
