#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check.py SOURCE BUILD: assembles the image of that build twice, pushes it to a registry, takes it from there again,
and runs the program in its root file system alone, as the user that it names."""
import filecmp
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request

SOURCE, BUILD = sys.argv[1:3]
SCRIPT = """def choose(workload, slot, candidates, parameters):
    return max((c for c in candidates if c.version), key=lambda c: c.version, default=None)
"""


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command[:6])} ended with {done.returncode}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
    return done.stdout


def expect(condition, sentence):
    if not condition:
        sys.exit(f"image: {sentence}")


def assemble(out, *more):
    run(f"{SOURCE}/deploy/image/build", "--build", BUILD, "--out", out, "--cache", f"{BUILD}/debs", *more)
    with open(f"{out}/index.json", encoding="utf-8") as index:
        return json.load(index)["manifests"][0]["digest"]


def blob(layout, digest):
    return f"{layout}/blobs/{digest.replace(':', '/')}"


def read_text(file):
    with open(file, encoding="utf-8") as text:
        return text.read()


def read_json(file):
    with open(file, encoding="utf-8") as text:
        return json.load(text)


def unpack(layout, digest, root):
    """The layers one over the other; modes and owners as they are written. Returns the configuration."""
    manifest = read_json(blob(layout, digest))
    os.makedirs(root)
    for layer in manifest["layers"]:
        with tarfile.open(blob(layout, layer["digest"])) as tar:
            for entry in tar:
                expect(not entry.mode & 0o6000, f"{entry.name} is set-uid")
                expect(entry.uid == 0 or entry.name == "var/lib/headwind", f"{entry.name} is not root's")
            tar.extractall(root, numeric_owner=True)  # noqa: S202 our own
    # As every container has it.
    os.mknod(f"{root}/dev/null", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    os.chmod(f"{root}/dev/null", 0o666)
    return read_json(blob(layout, manifest["config"]["digest"]))


def inside(root, user, *command, **more):
    """In the image alone, as its user, with the /proc that every container has."""
    return run("/usr/bin/unshare", "--mount", "--pid", "--fork", f"--mount-proc={root}/proc", "/usr/sbin/chroot", f"--userspec={user}", root, *command, env={"PATH": "/usr/bin"}, **more)


def crane():
    directory = run(f"{SOURCE}/tests/testbed/build", "--check").strip()
    return f"{directory}/crane"


def through_a_registry(layout, digest, scratch):
    """Pushed, told by the registry under the same digest, and pulled again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = f"{scratch}/registry.yml"
    with open(config, "w", encoding="utf-8") as out:
        out.write(f"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {scratch}/registry}}}}\n"
                  f"http: {{addr: '127.0.0.1:{port}', secret: test}}\n")
    with subprocess.Popen(["docker-registry", "serve", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/").close()
                    break
                except OSError:
                    time.sleep(0.1)
            name = f"127.0.0.1:{port}/headwind:test"
            run(crane(), "push", layout, name)
            expect(run(crane(), "digest", name).strip() == digest, "the registry has another digest")
            run(crane(), "validate", "--remote", name)
            run(crane(), "pull", "--format=oci", name, f"{scratch}/pulled")
        finally:
            server.terminate()
    return f"{scratch}/pulled"


def assemble_root(scratch):
    """What the Dockerfile copies is what the layers hold."""
    run(f"{SOURCE}/deploy/image/build", "--build", BUILD, "--cache", f"{BUILD}/debs", "--rootfs", f"{scratch}/rootfs")
    names = [sorted(run("find", ".", "-not", "-path", "./dev/null", cwd=f"{scratch}/{root}").splitlines()) for root in ("rootfs", "root")]
    expect(names[0] == names[1], "the root of the Dockerfile is another one than that of the layers")


def check_bill(layout, digest):
    bill = read_json(layout + ".spdx.json")
    expect(bill["spdxVersion"] == "SPDX-2.3" and bill["documentNamespace"].endswith(digest), "the SBOM is of another image")
    named = {package["SPDXID"] for package in bill["packages"]}
    expect({"SPDXRef-deb-libc6", "SPDXRef-deb-libssl3", "SPDXRef-headwind"} <= named, "the SBOM lacks packages")
    for relation in bill["relationships"]:
        expect(relation["relatedSpdxElement"] in named, f"the SBOM relates to {relation['relatedSpdxElement']}")


def check_files(root):
    """Nothing tells where it was compiled, and nothing is loaded from elsewhere; each package comes with its licence."""
    shipped = "CMAKE_BUILD_TYPE:STRING=Release\n" in read_text(f"{BUILD}/CMakeCache.txt")
    for place, _, files in os.walk(f"{root}/usr"):
        for name in files:
            path = f"{place}/{name}"
            if os.path.islink(path):
                continue
            with open(path, "rb") as file:
                content = file.read()
            # Only release builds count paths from the root of the tree: the others are for the debugger.
            for forbidden in (SOURCE, BUILD) if shipped else ():
                expect(forbidden.encode() + b"/" not in content, f"{path} names {forbidden}, where it was compiled")
            if content.startswith(b"\x7fELF"):
                for said in re.findall(r"\((?:RPATH|RUNPATH)\)[^[]*\[(.*)\]", run("readelf", "-dW", path)):
                    expect(all(part.startswith("$ORIGIN") for part in said.split(":")), f"{path} loads libraries from {said}")
    for package in os.listdir(f"{root}/var/lib/dpkg/status.d"):
        expect(os.path.isfile(f"{root}/usr/share/doc/{package}/copyright.gz"), f"{package} comes without its licence")


def check_root(root, user):
    for forbidden in ("bin/sh", "bin/bash", "usr/bin/dpkg", "usr/bin/python3"):
        expect(not os.path.lexists(f"{root}/{forbidden}"), f"the image has {forbidden}")
    expect(os.listdir(f"{root}/usr/bin") == ["headwind"], "there are other programs")
    writable = [d for d in ("etc", "usr", "usr/lib/headwind/plugins") if os.stat(f"{root}/{d}").st_mode & 0o022]
    expect(not writable, f"others may write {writable}")
    version = json.loads(inside(root, user, "/usr/bin/headwind", "version", "--json"))
    expect(version["version"] and version["libraries"]["openssl"], f"version says {version}")
    plugins = inside(root, user, "/usr/bin/headwind", "plugin", "list")
    expect("refused" not in plugins, f"a plugin is refused:\n{plugins}")
    for plugin in ("policy.semver", "registry.oci", "registry.ecr", "notifier.email", "workload.deployment"):
        expect(f"headwind.{plugin}" in plugins, f"headwind.{plugin} is missing:\n{plugins}")
    said = inside(root, user, "/usr/bin/headwind", "policy", "test", "--policy", "minor", "--current", "1.0.0", "--tags", "-",
                  input="1.1.0\n2.0.0\n")
    expect("choice: 1.1.0" in said, said)


def check_python(root, user):
    with open(f"{root}/tmp/newest.py", "w", encoding="utf-8") as out:
        out.write(SCRIPT)
    said = inside(root, user, "/usr/bin/headwind", "policy", "test", "--python", "/tmp/newest.py", "--current", "1.0.0",
                  "--tags", "-", input="1.1.0\n2.0.0\n")
    expect("choice: 2.0.0" in said, said)
    # What scripts import most, the one with libraries of its own among them.
    with open(f"{root}/tmp/newest.py", "w", encoding="utf-8") as out:
        out.write("import ssl, json, re, datetime, urllib.request, hashlib, decimal, ctypes, zlib, asyncio, logging\n" + SCRIPT)
    said = inside(root, user, "/usr/bin/headwind", "policy", "test", "--python", "/tmp/newest.py", "--current", "1.0.0",
                  "--tags", "-", input="1.1.0\n2.0.0\n")
    expect("choice: 2.0.0" in said, said)


def main():
    scratch = tempfile.mkdtemp(prefix="headwind-image-test.")
    os.chmod(scratch, 0o755)
    try:
        plain = assemble(f"{scratch}/image")
        expect(assemble(f"{scratch}/again") == plain, "two builds have two digests")
        expect(filecmp.cmp(f"{scratch}/image.spdx.json", f"{scratch}/again.spdx.json", shallow=False), "two builds, two SBOMs")
        check_bill(f"{scratch}/image", plain)
        config = unpack(through_a_registry(f"{scratch}/image", plain, scratch), plain, f"{scratch}/root")
        user = config["config"]["User"]
        expect(user == "1001:1001", f"it runs as {user}")
        expect(config["architecture"] == run("dpkg", "--print-architecture").strip(), f"it is for {config['architecture']}")
        check_files(f"{scratch}/root")
        check_root(f"{scratch}/root", user)
        with_python = assemble(f"{scratch}/python", "--python")
        unpack(f"{scratch}/python", with_python, f"{scratch}/python-root")
        check_files(f"{scratch}/python-root")
        check_root(f"{scratch}/python-root", user)
        check_python(f"{scratch}/python-root", user)
        assemble_root(scratch)
    finally:
        shutil.rmtree(scratch)
    print("the image is as it should be")


if __name__ == "__main__":
    main()
