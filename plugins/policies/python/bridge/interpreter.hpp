// SPDX-License-Identifier: Apache-2.0
// The one interpreter of the process: started once, never finalised, since a script that does not come back may be in
// it.
#pragma once
#include <pybind11/pybind11.h>

#include <string>

#include "../batch.hpp"

namespace headwind::python {

struct Interpreter {
  PyInterpreterState* state = nullptr;
  pybind11::object host;     // module headwind._host
  pybind11::object overrun;  // class headwind.Overrun
  pybind11::object parameter_error, undeliverable;
  ListOf list_of = nullptr;
};

// Null, and `problem`, where it cannot be started; then it is not tried again.
const Interpreter* interpreter(std::string& problem);

}  // namespace headwind::python
