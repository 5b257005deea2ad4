# SPDX-License-Identifier: Apache-2.0
"""The package `headwind` in a plain interpreter, as authors of policies test with it."""

import datetime
import json
import sys
import types
import unittest
import unittest.mock
import urllib.request

import headwind
from headwind import _host
from headwind import Candidate, Choose, Hold, Slot, Version, Workload, calver, decide, glob, semver_range


def canary(workload, slot, candidates, parameters):
    """Canaries take every release of the major version, all others only patches."""
    if slot.version is None:
        return Hold(f"{slot.tag} is not a version")
    limit = "^" if workload.labels.get("track") == "canary" else "~"
    wanted = semver_range(limit + ".".join(map(str, slot.version.parts)))
    newer = [c for c in candidates if c.version and c.version in wanted and c.version > slot.version]
    return max(newer, key=lambda c: c.version, default=None)


class Policies(unittest.TestCase):
    tags = ["1.0.1", "1.1.0", "2.0.0", "latest"]

    def test_a_function_is_asked_as_the_operator_asks(self):
        self.assertEqual(decide(canary, current="1.0.0", tags=self.tags).tag, "1.0.1")
        labelled = Workload(name="cart", labels={"track": "canary"})
        self.assertEqual(decide(canary, current="1.0.0", tags=self.tags, workload=labelled).tag, "1.1.0")
        self.assertEqual(decide(canary, current="main", tags=self.tags).reason, "main is not a version")
        self.assertIsNone(decide(canary, current="3.0.0", tags=self.tags).tag)

    def test_the_schema_of_the_file_counts_for_a_function_in_it(self):
        file = types.ModuleType("policy_file")
        exec(  # as an author's test imports it
            "schema = {'type': 'object', 'properties': {'row': {'type': 'integer', 'default': 1}}}\n"
            "def choose(workload, slot, candidates, parameters): return candidates[parameters['row']]\n",
            file.__dict__,
        )
        with unittest.mock.patch.dict(sys.modules, policy_file=file):
            self.assertEqual(decide(file.choose, current="1", tags=self.tags).tag, "1.1.0")
            with self.assertRaisesRegex(headwind.ParameterError, "row"):
                decide(file.choose, current="1", tags=self.tags, parameters={"row": "first"})

    def test_parameters_are_checked_and_have_defaults(self):
        class Row:
            schema = {"type": "object", "properties": {"row": {"type": "integer", "default": 1}}}

            def choose(self, workload, slot, candidates, parameters):
                return Choose(candidates[parameters["row"]], "as asked")

        self.assertEqual(decide(Row, current="1", tags=self.tags).tag, "1.1.0")
        self.assertEqual(decide(Row, current="1", tags=self.tags, parameters={"row": 2}).tag, "2.0.0")
        with self.assertRaisesRegex(headwind.ParameterError, "row"):
            decide(Row, current="1", tags=self.tags, parameters={"row": "x"})
        with self.assertRaises(headwind.ParameterError):
            decide(canary, current="1", tags=self.tags, parameters={"row": 2})

    def test_wrong_answers_are_refused(self):
        for answer in (7, "9.9", Candidate("1.0.1"), object()):
            with self.assertRaises((TypeError, ValueError)):
                decide(lambda *_: answer, current="1", tags=self.tags)

    def test_a_policy_that_sorts_in_place_moves_no_rows(self):
        def last(workload, slot, candidates, parameters):
            candidates.reverse()
            return candidates[0]

        answer = decide(last, current="1", tags=self.tags)
        self.assertEqual((answer.tag, answer.index), ("latest", 3))


class Words(unittest.TestCase):
    def test_versions_have_the_order_of_the_built_in_policies(self):
        self.assertLess(Version("1.9"), Version("1.10"))
        self.assertLess(Version("2.0.0-rc9"), Version("2.0.0-rc10"))
        self.assertLess(Version("2.0.0-rc10"), Version("2.0.0"))
        self.assertEqual(Version("1.2"), Version("v1.2.0"))
        self.assertEqual(hash(Version("1.2")), hash(Version("v1.2.0")))
        self.assertIsNone(Version.parse("latest"))
        with self.assertRaises(ValueError):
            Version("latest")

    def test_a_version_has_parts(self):
        version = Version("release-2.1.0-rc.1-alpine3.19")
        self.assertEqual((version.parts, version.major, version.minor, version.patch), ((2, 1, 0), 2, 1, 0))
        self.assertEqual((version.prefix, version.channel, version.variant), ("release-", "rc", "alpine3.19"))
        self.assertTrue(Version("1.2.3-alpine3.19").same_shape(Version("1.2.4-alpine3.20")))
        self.assertFalse(Version("1.2.3-alpine3.19").same_shape(Version("1.2.4")))

    def test_ranges(self):
        tags = ["0.2.5", "0.3.0", "1.2.0", "1.4", "1.4.9", "1.5.0", "1.5.0-rc.2", "2.0.0", "2.0.0-rc1"]
        expected = {
            ">=1.4 <2": ["1.4", "1.4.9", "1.5.0"],
            ">=1.4, !=1.4.9, <2.0.0": ["1.4", "1.5.0"],
            "^1.2": ["1.2.0", "1.4", "1.4.9", "1.5.0"],
            "^0.2.3": ["0.2.5"],
            "~1.4": ["1.4", "1.4.9"],
            "1.x": ["1.2.0", "1.4", "1.4.9", "1.5.0"],
            "1.2 - 1.4": ["1.2.0", "1.4", "1.4.9"],
            ">1.4": ["1.5.0", "2.0.0"],
            "<1 || >=2": ["0.2.5", "0.3.0", "2.0.0"],
            ">=1.5.0-rc.1": ["1.5.0", "1.5.0-rc.2", "2.0.0"],
            "*": ["0.2.5", "0.3.0", "1.2.0", "1.4", "1.4.9", "1.5.0", "2.0.0"],
        }
        for text, inside in expected.items():
            self.assertEqual([tag for tag in tags if tag in semver_range(text)], inside, text)
        for wrong in ("", "foo", ">=", "1.x.3", ">>1", "1.2.3.4.5", "^1.2 ||", "1" * 300, "99999999999999999999"):
            with self.assertRaises(ValueError, msg=wrong):
                semver_range(wrong)

    def test_calver(self):
        self.assertEqual(calver("2024.01.3"), (2024, 1, 3))
        self.assertEqual(calver("24.04", "YY.0M"), (2024, 4))
        self.assertEqual(calver("2024-11-30", "YYYY-0M-0D"), (2024, 11, 30))
        for tag in ("2024.13.3", "2024.1.3", "2024.01", "v2024.01.3", "2024.01.3-rc"):
            self.assertIsNone(calver(tag), tag)
        with self.assertRaises(ValueError):
            calver("1", "none")

    def test_glob(self):
        self.assertTrue(glob("v1.*-stable", "v1.2-stable"))
        self.assertFalse(glob("v1.?", "v1.10"))

    def test_candidates(self):
        pushed = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
        candidate = Candidate("1.2", digest="sha256:aa", pushed=pushed)
        self.assertEqual((candidate.tag, candidate.digest, candidate.pushed), ("1.2", "sha256:aa", pushed))
        self.assertIs(candidate.version, candidate.version)
        candidate.note = "is nice"
        with self.assertRaises(TypeError):
            candidate.note = 7
        with self.assertRaises(AttributeError):
            candidate.tag = "other"
        self.assertEqual(candidate.note, "is nice")

    def test_a_slot_knows_its_container_and_version(self):
        slot = Slot("containers/web", "docker.io/library/nginx", "1.25.3")
        self.assertEqual((slot.container, slot.version), ("web", Version("1.25.3")))



class Secrets(unittest.TestCase):
    def test_what_a_notifier_raises_tells_none(self):
        def post(event):
            urllib.request.urlopen(event.secrets["url"])

        for url in ["s3cret-and-no-url\n", "http://127.0.0.1:1/hook/s3cret and blanks"]:
            with self.assertRaises(Exception) as caught:
                _host.send(_host.Loaded(post, None), json.dumps({"type": "update_failed", "secrets": {"url": url}}))
            self.assertIn("s3cret", str(caught.exception))  # or there would be nothing to hide
            self.assertNotIn("s3cret", _host.explain(caught.exception, "pager.py", 1, 1))


if __name__ == "__main__":
    unittest.main()
