#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py SERVER VENV: schemathesis against the approval API, in mode none and in mode token.

Makes the virtual environment VENV where it is missing. Every route must answer as its OpenAPI document says, for input
that fits the document and for input that does not.
"""
import contextlib
import os
import pathlib
import subprocess
import sys
import venv

VERSION = "4.32.5"
# Objects that the server has, beside the names that schemathesis invents.
KNOWN = """
[[operations]]
include-path-regex = "/api/v1/updates/"
parameters = { "path.namespace" = "prod", "path.name" = "%s" }
[[operations]]
include-path-regex = "/api/v1/rollback/"
parameters = { "path.namespace" = "prod", "path.deployment" = "%s", "path.container" = "app" }
[[operations]]
include-path-regex = "/api/v1/(history|explain)/"
parameters = { "path.namespace" = "prod", "path.kind" = "Deployment", "path.name" = "shop" }
"""


def prepare(directory: pathlib.Path) -> pathlib.Path:
    program = directory / "bin" / "schemathesis"
    marker = directory / f"schemathesis-{VERSION}"
    if not marker.exists():
        try:
            venv.create(directory, with_pip=True, clear=True)
            subprocess.run([directory / "bin" / "pip", "install", "--quiet", f"schemathesis=={VERSION}"], check=True)
        except (OSError, subprocess.CalledProcessError) as problem:
            sys.exit(f"schemathesis {VERSION} could not be installed into {directory}: {problem}. "
                     "This test needs python3-venv and the Python package index.")
        marker.touch()
    return program


@contextlib.contextmanager
def serving(server: str, mode: str):
    with subprocess.Popen([server, mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = process.stdout.readline().strip()
            if not port:
                sys.exit(f"{server} {mode} did not start")
            yield f"http://127.0.0.1:{port}"
            if process.poll() is not None:
                sys.exit(f"{server} {mode} ended during the test with status {process.returncode}")
        finally:
            process.stdin.close()
            process.wait(timeout=30)


def call(program, server, work, mode, config, *options) -> None:
    settings = work / "schemathesis.toml"
    settings.write_text(config)
    with serving(server, mode) as url:
        command = [program, "--config-file", settings, "run", f"{url}/openapi.json", "--url", url, "--checks", "all",
                   "--phases", "coverage,fuzzing", "--max-examples", "15", "--seed", "1", "--no-color",
                   "--exclude-path", "/api/v1/events",  # it has no end
                   "--warnings", "off", *options]
        ended = subprocess.run(command, cwd=work, env={**os.environ, "NO_COLOR": "1"}, check=False)
    if ended.returncode != 0:
        sys.exit(f"schemathesis found a difference between the API in mode {mode} and its document")


def main() -> None:
    server, directory = sys.argv[1], pathlib.Path(sys.argv[2]).absolute()
    program = prepare(directory)
    alice = ["--header", "Authorization: Bearer alice-token"]
    call(program, server, directory, "none", KNOWN % ("shop-app-1-26-0", "shop"))
    call(program, server, directory, "token", KNOWN % ("web-app-1-26-0", "web"), *alice)
    call(program, server, directory, "token", "", "--phases", "fuzzing")


if __name__ == "__main__":
    main()
