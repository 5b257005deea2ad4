# SPDX-License-Identifier: Apache-2.0
"""The stubs (.pyi) say what the module has: every name, member and parameter, in both directions."""

import ast
import inspect
import pathlib
import re
import unittest

import headwind

STUBS = ast.parse(pathlib.Path(headwind.__file__).with_suffix(".pyi").read_text())
# Of objects, which stubs do not repeat.
OF_OBJECTS = {"__doc__", "__module__", "__slots__", "__dict__", "__weakref__", "__new__", "__repr__", "__str__",
              "__init__", "__hash__"}


def stub_parameters(function):
    """[(name, has a default)] without self, and the defaults as values."""
    words = function.args
    names = [a.arg for a in words.posonlyargs + words.args]
    defaults = dict(zip(names[len(names) - len(words.defaults):], words.defaults))
    names += [a.arg for a in words.kwonlyargs]
    defaults |= {a.arg: d for a, d in zip(words.kwonlyargs, words.kw_defaults) if d is not None}
    empty = inspect.Parameter.empty
    return {n: ast.literal_eval(defaults[n]) if n in defaults else empty for n in names if n != "self"}


def real_parameters(function):
    """The same of the real one; pybind11 tells them in the first line of its documentation."""
    try:
        return {n: p.default for n, p in inspect.signature(function).parameters.items() if n != "self"}
    except ValueError:
        told = re.match(r"\w+(\(.*\) -> )", function.__doc__ or "")
        if not told:
            return None
        told = re.sub(r"headwind\._native\.", "", told[1])
        return stub_parameters(ast.parse(f"def told{told}None: ...").body[0])


def members(stub):
    names = {part.name for part in stub.body if isinstance(part, ast.FunctionDef)}
    return names | {part.target.id for part in stub.body if isinstance(part, ast.AnnAssign)}


class Stubs(unittest.TestCase):
    classes = {part.name: part for part in STUBS.body if isinstance(part, ast.ClassDef)}
    functions = {part.name: part for part in STUBS.body if isinstance(part, ast.FunctionDef)}

    def test_the_names_are_those_of_the_module(self):
        values = {target.id for part in STUBS.body if isinstance(part, ast.Assign) for target in part.targets}
        told = {name for name in {*self.classes, *self.functions, *values} if not name.startswith("_")}
        self.assertEqual(told, set(headwind.__all__))
        self.assertEqual({n for n in headwind.__all__ if not hasattr(headwind, n)}, set())

    def test_the_bases_are_those_of_the_classes(self):
        for name, stub in self.classes.items():
            told = [base.id for base in stub.bases] or ["object"]
            real = [base.__name__.removeprefix("pybind11_") for base in getattr(headwind, name).__bases__]
            self.assertEqual(told, real, name)

    def test_the_members_are_those_of_the_classes(self):
        for name, stub in self.classes.items():
            real = getattr(headwind, name)
            found = set(vars(real)) | set(getattr(real, "__slots__", ())) | set(getattr(real, "__annotations__", ()))
            told = members(stub)
            self.assertEqual({n for n in told - OF_OBJECTS if n not in found}, set(), f"{name} has no such members")
            shown = {n for n in found - OF_OBJECTS if n.startswith("__") or not n.startswith("_")}
            self.assertEqual(shown - told, set(), f"the stub of {name} lacks them")

    def test_the_parameters_are_those_of_the_functions(self):
        compared = 0
        pairs = [(name, stub, getattr(headwind, name)) for name, stub in self.functions.items()]
        for name, stub in self.classes.items():
            pairs += [(f"{name}.{part.name}", part, getattr(getattr(headwind, name), part.name)) for part in stub.body
                      if isinstance(part, ast.FunctionDef) and callable(getattr(getattr(headwind, name), part.name))]
        for name, stub, real in pairs:
            found = real_parameters(real)
            operator = "__" in name and not name.endswith("__init__")  # the names of operands count nowhere
            if found is None or operator or set(found) == {"args", "kwargs"}:
                continue
            compared += 1
            self.assertEqual(list(stub_parameters(stub).items()), list(found.items()), name)
        self.assertGreaterEqual(compared, 14)

    def test_a_candidate_takes_what_the_stub_says(self):
        words = next(p for p in self.classes["Candidate"].body if getattr(p, "name", "") == "__init__")
        self.assertEqual(list(stub_parameters(words)), ["tag", "digest", "pushed"])
        made = headwind.Candidate(tag="1.0", digest=None, pushed=None)
        self.assertEqual((made.tag, made.digest, made.pushed, made.note), ("1.0", None, None, ""))
        with self.assertRaises(TypeError):
            headwind.Candidate()


if __name__ == "__main__":
    unittest.main()
