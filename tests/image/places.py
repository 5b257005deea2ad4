#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""places.py SOURCE: some of the release build, compiled in two directories of different names and depths, once through the
compiler's cache as make does and once without, is the same to the byte, and stripped by binutils' strip where LLVM's is
there, too. `make reproducible` compares all of it."""
import os
import subprocess
import sys
import tempfile

SOURCE = sys.argv[1]
# The one file of the program that has its path in it, and a plugin as it is shipped.
OBJECT = "host/CMakeFiles/headwind_update.dir/update/decision_notes.cpp.o"
PLUGIN = "plugins/headwind-policy-semver.so"


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command[:6])} ended with {done.returncode}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
    return done.stdout


def compile_in(directory, variables):
    os.makedirs(directory)
    files = subprocess.Popen(["tar", "-C", SOURCE, "-c", "CMakeLists.txt", "CMakePresets.json", "cmake", "host", "plugins", "sdk"],
                             stdout=subprocess.PIPE)
    run("tar", "-C", directory, "-x", stdin=files.stdout)
    if files.wait() != 0:
        sys.exit(f"{SOURCE} cannot be copied")
    environment = {**os.environ, "HEADWIND_COMMIT": "0123", "SOURCE_DATE_EPOCH": "1700000000", **variables}
    run("cmake", "--preset", "release", "-DHEADWIND_BENCH=OFF", cwd=directory, env=environment)
    run("ninja", "-j", "2", "-C", "build/release", OBJECT, PLUGIN, cwd=directory, env=environment)
    strip = run("grep", "^CMAKE_STRIP:", "build/release/CMakeCache.txt", cwd=directory).strip()
    if not strip.endswith("/strip"):
        sys.exit(f"what is installed is stripped by whatever this machine has: {strip}")
    made = {}
    for name in (OBJECT, PLUGIN):
        with open(f"{directory}/build/release/{name}", "rb") as file:
            made[name] = file.read()
    return made


def main():
    with tempfile.TemporaryDirectory(prefix="headwind-places.") as scratch:
        one, other = f"{scratch}/one", f"{scratch}/quite/another/place"
        first = compile_in(one, {"CCACHE_BASEDIR": one, "CCACHE_NOHASHDIR": "1"})
        second = compile_in(other, {"HEADWIND_NO_CCACHE": "1"})
        if b"host/update/decision_notes.cpp\0" not in first[OBJECT]:
            sys.exit(f"{OBJECT} has its path no more: name here another file that has")
        for name, content in first.items():
            if scratch.encode() in content:
                sys.exit(f"{name} names the directory that it was compiled in")
            if content != second[name]:
                sys.exit(f"{name} is another one when it is compiled in another directory")
    print("two places, the same bytes")


if __name__ == "__main__":
    main()
