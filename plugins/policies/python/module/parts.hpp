// SPDX-License-Identifier: Apache-2.0
// The parts of headwind._native, one source each.
#pragma once
#include <pybind11/pybind11.h>

#include <string>
#include <string_view>

namespace headwind::python {

void add_versions(pybind11::module_& module);
void add_rules(pybind11::module_& module);  // semver_range, glob, calver
void add_candidates(pybind11::module_& module);
void add_schema(pybind11::module_& module);

// `text` as Python knows it, in quotes and not too long: for messages.
std::string quoted(std::string_view text);

}  // namespace headwind::python
