#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py HEADWIND DIRECTORY NPM: holds what `headwind lint --format sarif` prints against the schema of SARIF 2.1.0.

The schema of the standard comes with an npm package of Microsoft's, who publish SARIF's tools.
"""
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import venv

PACKAGE, SCHEMA = "@microsoft/jest-sarif@1.0.0-beta.0", "package/lib/schemas/sarif-2.1.0-rtm.5.json"
LIBRARIES = ["jsonschema[format-nongpl]==4.23.0"]
MANIFEST = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations: {{{annotations}}}
spec:
  template: {{spec: {{containers: [{{name: app, image: "{image}"}}]}}}}
"""


def manifest(annotations: str, image: str = "nginx:1.2.3") -> str:
    return MANIFEST.format(annotations=annotations, image=image)


# Names that a URI has to escape, and a text in which JSON has to.
FILES = {
    "web.yaml": manifest("headwind.sh/policy: minor"),
    "a web.yaml": manifest('headwind.sh/policy: minro, headwind.sh/polcy: all, headwind.sh/approvals: "0"'),
    "b:c#d?.yaml": manifest('headwind.sh/policy: glob, headwind.sh/suspend: "\\x01\\"yes\\\\"'),
    "größe%20.yaml": manifest("headwind.sh/policy: minor", "nginx:größe"),
    "template.yaml": "metadata:\n  annotations: {headwind.sh/policy: {{ .Values.policy }}}\n",
    "sub/no.yaml": "headwind.sh/policy: [\n",
}


def prepare(directory: pathlib.Path) -> None:
    """Goes on in the virtual environment, which it makes where it is missing."""
    marker = directory / ("libraries-" + "-".join(LIBRARIES))
    if not marker.exists():
        try:
            venv.create(directory, with_pip=True, clear=True)
            subprocess.run([directory / "bin" / "pip", "install", "--quiet", *LIBRARIES], check=True)
        except (OSError, subprocess.CalledProcessError) as problem:
            sys.exit(f"{LIBRARIES} could not be installed into {directory}: {problem}. "
                     "This test needs python3-venv and the Python package index.")
        marker.touch()
    if pathlib.Path(sys.prefix) != directory:
        os.execv(directory / "bin" / "python", [directory / "bin" / "python", *sys.argv])


def schema_of_the_standard(directory: pathlib.Path, npm: str) -> dict:
    kept = directory / (PACKAGE.rsplit("/", 1)[1] + ".json")
    if not kept.exists():
        with tempfile.TemporaryDirectory() as scratch:
            packed = subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=scratch, capture_output=True, text=True,
                                    check=False)
            if packed.returncode != 0:
                sys.exit(f"{PACKAGE} could not be had: {packed.stdout}{packed.stderr}")
            with tarfile.open(pathlib.Path(scratch) / packed.stdout.split()[-1]) as archive:
                kept.write_bytes(archive.extractfile(SCHEMA).read())
    return json.loads(kept.read_text(encoding="utf-8"))


def lint(headwind: str, code: int, *arguments: str, **options) -> dict:
    ended = subprocess.run([headwind, "lint", "--format", "sarif", *arguments], capture_output=True, timeout=120,
                           check=False, **options)
    if ended.returncode != code:
        sys.exit(f"lint {arguments} ended with {ended.returncode}, not {code}: {ended.stderr.decode()}")
    return json.loads(ended.stdout.decode("utf-8"))


def main(headwind: str, directory: pathlib.Path, npm: str) -> None:
    prepare(directory)
    import jsonschema
    schema = schema_of_the_standard(directory, npm)
    jsonschema.Draft4Validator.check_schema(schema)
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())

    with tempfile.TemporaryDirectory() as place:
        for name, text in FILES.items():
            file = pathlib.Path(place) / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        logs = {
            "a directory": lint(headwind, 1, "-f", place),
            "files by relative paths": lint(headwind, 1, *(word for name in FILES for word in ("-f", name)), cwd=place),
            "standard input": lint(headwind, 1, "-f", "-", input=FILES["a web.yaml"].encode()),
            "nothing wrong": lint(headwind, 0, "-f", str(pathlib.Path(place) / "web.yaml")),
        }
    for title, log in logs.items():
        for problem in validator.iter_errors(log):
            sys.exit(f"{title}: at {'/'.join(map(str, problem.absolute_path))}: {problem.message[:300]}")
    rules = {result["ruleId"] for log in logs.values() for result in log["runs"][0]["results"]}
    if len(rules) < 6 or logs["nothing wrong"]["runs"][0]["results"]:
        sys.exit(f"the files do not show what there is to check: {sorted(rules)}")

    # It does find mistakes.
    wrong = json.loads(json.dumps(logs["a directory"]))
    place = wrong["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    for change in ({"region": {"startLine": 0}}, {"artifactLocation": {"uri": "a web.yaml"}}, {"regoin": {}}):
        saved = dict(place)
        place.update(change)
        if validator.is_valid(wrong):
            sys.exit(f"the validator lets {change} pass")
        place.clear()
        place.update(saved)
    print(f"{sum(len(log['runs'][0]['results']) for log in logs.values())} findings of {len(rules)} rules are SARIF 2.1.0")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3])
