#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run_guide.py GUIDE HEADWIND SDK: does what a guide says, in an empty directory, and compares what is printed.

A block ```LANGUAGE file=NAME is written to that file, where the guide stands by then. In a block ```console a line that
begins with "$ " is run by bash, and the lines up to the next one are what it must print; "..." stands for any text. The
headwind program is on PATH and the SDK in $HOME/headwind-sdk. 8099 is a port that is free.
"""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(?P<language>\w+)(?P<more>[^\n]*)\n(?P<body>.*?)^```$", re.M | re.S)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def commands_of(block):
    """[(command, expected output)] of a console block."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif not found:
            sys.exit(f"a console block begins without a command: {line}")
        else:
            found[-1][1].append(line)
    return [(command, "".join(f"{line}\n" for line in lines)) for command, lines in found]


def fits(expected, printed):
    """Whether that was printed: "..." is any lines where it is a line, any text where it stands in one."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else ".*?".join(map(re.escape, line.split("..."))) + r"\n"
                      for line in expected.splitlines())
    return re.fullmatch(pattern, printed) is not None


class Reader:
    """Somebody who follows the guide."""

    def __init__(self, work, headwind, sdk):
        self.cwd = work
        self.groups = []
        self.out, self.where = work / ".printed", work / ".where"
        tools = work / "bin"
        tools.mkdir()
        (tools / "headwind").symlink_to(headwind)
        (work / "headwind-sdk").symlink_to(sdk)
        self.environment = dict(os.environ, HOME=str(work), PATH=f"{tools}:/usr/bin:/bin", CMAKE_GENERATOR="Ninja",
                                CCACHE_BASEDIR=str(work), CCACHE_NOHASHDIR="1")
        if shutil.which("ccache"):
            cache = subprocess.run(["ccache", "-k", "cache_dir"], capture_output=True, text=True).stdout.strip()
            self.environment |= {"CCACHE_DIR": cache, "CMAKE_CXX_COMPILER_LAUNCHER": "ccache"}

    def write(self, name, text):
        print(f"-- {name}, {text.count(chr(10))} lines", flush=True)
        (self.cwd / name).write_text(text)

    def run(self, command, expected):
        print(f"$ {command}", flush=True)
        script = f'{command}\ncode=$?; pwd > "{self.where}"; exit $code'
        with open(self.out, "wb") as out:
            process = subprocess.Popen(["bash", "-c", script], cwd=self.cwd, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, env=self.environment, start_new_session=True)
            self.groups.append(process.pid)
            process.wait(timeout=300)
        printed = self.out.read_text()
        print(printed, end="", flush=True)
        if not fits(expected, printed):
            sys.exit(f"the guide says that this is printed:\n{expected}")
        self.cwd = pathlib.Path(self.where.read_text().strip())

    def leave(self):
        for group in self.groups:  # what a command left running
            try:
                os.killpg(group, signal.SIGKILL)
            except ProcessLookupError:
                pass


def main(guide, headwind, sdk):
    text = pathlib.Path(guide).read_text().replace("8099", free_port())
    with tempfile.TemporaryDirectory() as work:
        reader = Reader(pathlib.Path(work), headwind, sdk)
        files = commands = 0
        try:
            for block in BLOCK.finditer(text):
                named = re.search(r"file=(\S+)", block["more"])
                if named:
                    files += 1
                    reader.write(named[1], block["body"])
                elif block["language"] == "console":
                    for command, expected in commands_of(block["body"]):
                        commands += 1
                        reader.run(command, expected)
        finally:
            reader.leave()
    if not files or not commands:
        sys.exit(f"only {files} files and {commands} commands were found in {guide}")
    print(f"{files} files and {commands} commands are as the guide says")


if __name__ == "__main__":
    main(*sys.argv[1:4])
