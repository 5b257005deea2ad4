#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py SERVER VENV GO: holds the fake Harbor against Harbor's description of its API.

The description, swagger.yaml, comes with the Go module of Harbor's client. Every answer must be one that it knows for
that call: status, headers and body; a property that it does not know is a mistake of the fake.
"""
import base64
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import venv

MODULE = "github.com/goharbor/go-client@v0.213.1"
PACKAGES = ["jsonschema==4.23.0", "PyYAML==6.0.2"]
PROJECT = "/projects/{project_name_or_id}"
ARTIFACTS = "/projects/{project_name}/repositories/{repository_name}/artifacts"
ROBOT, PULLER, WRONG = ("robot$team+ci", "s3cret"), ("robot$puller", "s3cret"), ("robot$team+ci", "wrong")
LIST = "/projects/team/repositories/web%252Fapp/artifacts?with_tag=true&q=tags%3D%2A&sort=-push_time"
# Who asks, for what, what that is in the description, the status to come, and how many rows.
CALLS = [
    (ROBOT, "/projects/team", PROJECT, 200, None),
    (ROBOT, "/projects/cache", PROJECT, 200, None),
    (None, "/projects/open", PROJECT, 200, None),
    (None, "/projects/team", PROJECT, 401, None),
    (WRONG, "/projects/team", PROJECT, 401, None),
    (PULLER, "/projects/team", PROJECT, 403, None),
    (ROBOT, LIST + "&page_size=100&page=1", ARTIFACTS, 200, 100),
    (ROBOT, LIST + "&page_size=100&page=2", ARTIFACTS, 200, 100),
    (ROBOT, LIST + "&page_size=100&page=3", ARTIFACTS, 200, 50),
    (ROBOT, "/projects/team/repositories/web%252Fapp/artifacts?page_size=100&page=3", ARTIFACTS, 200, 51),
    (ROBOT, LIST + "&page_size=101", ARTIFACTS, 422, None),
    (ROBOT, "/projects/team/repositories/none/artifacts", ARTIFACTS, 200, 0),
    (None, "/projects/open/repositories/app/artifacts", ARTIFACTS, 200, 1),
    (None, LIST, ARTIFACTS, 401, None),
    (PULLER, LIST, ARTIFACTS, 403, None),
    (ROBOT, "/projects/nobody/repositories/app/artifacts", ARTIFACTS, 403, None),
]
# What this description forgets, and as which of its answers that looks: who is known but may not read a project
# (src/server/v2.0/handler/base.go), and a parameter out of bounds (later descriptions know it).
FORGOTTEN = {(PROJECT, 403): "403", (ARTIFACTS, 422): "400"}


def prepare(directory: pathlib.Path) -> None:
    """Goes on in the virtual environment, which it makes where it is missing."""
    marker = directory / ("packages-" + "-".join(PACKAGES))
    if not marker.exists():
        try:
            venv.create(directory, with_pip=True, clear=True)
            subprocess.run([directory / "bin" / "pip", "install", "--quiet", *PACKAGES], check=True)
        except (OSError, subprocess.CalledProcessError) as problem:
            sys.exit(f"{PACKAGES} could not be installed into {directory}: {problem}. "
                     "This test needs python3-venv and the Python package index.")
        marker.touch()
    if pathlib.Path(sys.prefix) != directory:
        os.execv(directory / "bin" / "python", [directory / "bin" / "python", *sys.argv])


def description(go: str) -> dict:
    import yaml
    with tempfile.TemporaryDirectory() as empty:
        found = subprocess.run([go, "mod", "download", "-json", MODULE], cwd=empty, capture_output=True, text=True,
                               check=False)
    if found.returncode != 0:
        sys.exit(f"{MODULE} could not be had: {found.stdout}{found.stderr}")
    module = pathlib.Path(json.loads(found.stdout)["Dir"])
    return yaml.safe_load((module / "api/v2.0/swagger.yaml").read_text(encoding="utf-8"))


def strict(schema):
    """Of Swagger 2.0, made JSON Schema: closed objects, and lists that may be null, as Go writes empty ones. A bare
    object as the value of a map is anything at all: so the server's generated code has it."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: strict(value) for key, value in schema.items() if key not in ("example", "default", "description")}
    if out.get("type") == "object" and "properties" in out:
        out.setdefault("additionalProperties", False)
    if out.get("additionalProperties") == {"type": "object"}:
        out["additionalProperties"] = True
    if out.get("type") == "array":
        out["type"] = ["array", "null"]
    return out


class Checker:
    def __init__(self, swagger: dict):
        self.swagger = swagger
        self.definitions = strict(swagger["definitions"])

    def response(self, path: str, status: int) -> dict:
        known = dict(self.swagger["paths"][path]["get"]["responses"])
        if (path, status) in FORGOTTEN:
            known[str(status)] = {"$ref": "#/responses/" + FORGOTTEN[path, status]}
        if str(status) not in known:
            sys.exit(f"GET {path} never answers {status}: it knows {sorted(known)}")
        found = known[str(status)]
        if "$ref" in found:
            found = self.swagger["responses"][found["$ref"].rsplit("/", 1)[1]]
        return found

    def check(self, path: str, status: int, headers, body) -> None:
        import jsonschema
        known = self.response(path, status)
        schema = {**strict(known["schema"]), "definitions": self.definitions}
        validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
        for problem in validator.iter_errors(body):
            sys.exit(f"GET {path}, {status}, at {'/'.join(map(str, problem.absolute_path))}: {problem.message[:300]}")
        if "X-Total-Count" in known.get("headers", {}) and not headers.get("X-Total-Count", "").isdigit():
            sys.exit(f"GET {path}, {status}: X-Total-Count is {headers.get('X-Total-Count')}, no number")


@contextlib.contextmanager
def serving(server: str):
    with subprocess.Popen([server], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = process.stdout.readline().strip()
            if not port:
                sys.exit(f"{server} did not start")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.stdin.close()
            process.wait(timeout=30)


def ask(url: str, who):
    request = urllib.request.Request(url)
    if who:
        request.add_header("Authorization", "Basic " + base64.b64encode(":".join(who).encode()).decode())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        answer = opener.open(request, timeout=30)
    except urllib.error.HTTPError as problem:
        answer = problem
    with answer:
        return answer.status, answer.headers, json.loads(answer.read())


def main() -> None:
    server, directory, go = sys.argv[1], pathlib.Path(sys.argv[2]).absolute(), sys.argv[3]
    prepare(directory)
    checker = Checker(description(go))
    # The check itself must see mistakes.
    for wrong in ([{"digets": "x"}], [{"id": "1"}], [{"tags": [{"name": 1}]}], {"errors": []}):
        try:
            checker.check(ARTIFACTS, 200, {"X-Total-Count": "1"}, wrong)
        except SystemExit:
            continue
        sys.exit(f"{wrong} passes for a list of artifacts")
    with serving(server) as url:
        for who, call, path, expected, rows in CALLS:
            status, headers, body = ask(url + "/api/v2.0" + call, who)
            if status != expected:
                sys.exit(f"GET {call} answered {status}, not {expected}")
            checker.check(path, status, headers, body)
            if rows is not None and len(body) != rows:
                sys.exit(f"GET {call} gave {len(body)} artifacts, not {rows}")
    print(f"{len(CALLS)} answers are as Harbor describes them")


if __name__ == "__main__":
    main()
