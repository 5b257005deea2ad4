// SPDX-License-Identifier: Apache-2.0
// headwind._native: what the built-in policies know of versions, for policies in Python. It is an ordinary extension
// module: the operator imports it, and so does any Python in which an author runs tests.
#include <pybind11/pybind11.h>

#include "parts.hpp"

PYBIND11_MODULE(_native, module) {
  module.doc() = "Versions, ranges and candidates, by the same code as Headwind's own policies.";
  headwind::python::add_versions(module);
  headwind::python::add_rules(module);
  headwind::python::add_candidates(module);
  headwind::python::add_schema(module);
}
