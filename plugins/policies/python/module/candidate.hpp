// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <pybind11/pybind11.h>

#include <string>

namespace headwind::python {

bool is_candidate(pybind11::handle object);
std::string tag_of(pybind11::handle candidate);

}  // namespace headwind::python
