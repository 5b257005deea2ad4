#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""architecture_test.py SOURCE: for which machine the image is made, as dpkg knows the names."""
import os
import subprocess
import sys
import tempfile
import unittest

SOURCE = sys.argv.pop(1)
sys.path.insert(0, f"{SOURCE}/deploy/image")
sys.dont_write_bytecode = True
from architecture import KNOWN, architecture_of, native  # noqa: E402
from packages import Failure, fetch  # noqa: E402


def dpkg(architecture, variable):
    return subprocess.run(["dpkg-architecture", f"-a{architecture}", f"-q{variable}"], check=True, capture_output=True,
                          text=True).stdout.strip()


class Names(unittest.TestCase):
    def test_libraries_lie_where_debian_has_them(self):
        for name, known in KNOWN.items():
            with self.subTest(name):
                self.assertEqual(known.debian, name)
                self.assertEqual(known.triplet, dpkg(name, "DEB_HOST_MULTIARCH"))
                self.assertEqual("64", dpkg(name, "DEB_HOST_ARCH_BITS"))

    def test_this_machine(self):
        self.assertTrue(os.path.isdir(f"/usr/lib/{native().triplet}"))
        self.assertEqual(native().debian, subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True,
                                                         text=True).stdout.strip())

    def test_images_name_it_as_go_does(self):
        self.assertEqual({"architecture": "amd64"}, architecture_of("amd64").fields())
        self.assertEqual({"architecture": "arm64", "variant": "v8"}, architecture_of("arm64").fields())
        self.assertEqual({"architecture": "ppc64le"}, architecture_of("ppc64el").fields())

    def test_another_is_refused_by_name(self):
        for unknown in ("armhf", "", "AMD64"):
            with self.assertRaisesRegex(Failure, f"architecture {unknown}: make it on a machine of amd64, arm64"):
                architecture_of(unknown)


class Packages(unittest.TestCase):
    def test_a_cache_may_hold_those_of_several_machines(self):
        with tempfile.TemporaryDirectory() as cache:
            for name in ("libc6_2.36-9_amd64.deb", "libc6_2.36-9_arm64.deb", "ca-certificates_20230311_all.deb"):
                with open(f"{cache}/{name}", "wb"):
                    pass
            wanted = {"libc6": "2.36-9", "ca-certificates": "20230311"}
            for machine in ("amd64", "arm64"):
                self.assertEqual({"libc6": f"{cache}/libc6_2.36-9_{machine}.deb",
                                  "ca-certificates": f"{cache}/ca-certificates_20230311_all.deb"}, fetch(wanted, cache, machine))


if __name__ == "__main__":
    unittest.main()
