// SPDX-License-Identifier: Apache-2.0
#include <pybind11/pybind11.h>

#include "candidate.hpp"
#include "parts.hpp"
#include "policies/core/calver.hpp"
#include "policies/core/range.hpp"
#include "policies/semver/pattern.hpp"
#include "version.hpp"

namespace py = pybind11;

namespace headwind::python {
namespace {

struct NamedRange {
  std::string text;
  policies::Range range;
};

NamedRange read_range(std::string text) {
  NamedRange made;
  std::string problem;
  if (!policies::Range::parse(text, made.range, problem))
    throw py::value_error(quoted(text) + " is not a range of versions: " + problem);
  made.text = std::move(text);
  return made;
}

// A version, or the tag of one; what is neither is in no range.
bool holds(const NamedRange& self, const py::object& what) {
  if (py::isinstance<Version>(what)) return self.range.holds(what.cast<const Version&>().get());
  const std::string text = is_candidate(what) ? tag_of(what) : what.cast<std::string>();
  hw::version version;
  return hw::parse_version(text, version) && self.range.holds(version);
}

bool glob(std::string_view pattern, std::string_view tag) {
  if (pattern.size() > semver::max_pattern) throw py::value_error("the pattern is longer than 256 characters");
  return semver::matches(pattern, tag);
}

py::object calver(std::string_view tag, const std::string& scheme) {
  policies::Calver parsed;
  std::string problem;
  if (!policies::Calver::parse(scheme, parsed, problem))
    throw py::value_error(quoted(scheme) + " is not a scheme of calver: " + problem);
  const auto numbers = parsed.read(tag);
  if (!numbers) return py::none();
  py::tuple parts(numbers->size());
  for (std::size_t i = 0; i < numbers->size(); ++i) parts[i] = py::int_((*numbers)[i]);
  return std::move(parts);
}

}  // namespace

void add_rules(py::module_& module) {
  py::class_<NamedRange>(module, "Range")
      .def("__contains__", &holds, py::arg("version"))
      .def("__str__", [](const NamedRange& self) { return self.text; })
      .def("__repr__", [](const NamedRange& self) { return "semver_range(" + quoted(self.text) + ")"; });
  module.def("semver_range", &read_range, py::arg("text"));
  module.def("glob", &glob, py::arg("pattern"), py::arg("tag"));
  module.def("calver", &calver, py::arg("tag"), py::arg("scheme") = "YYYY.0M.MICRO");
}

}  // namespace headwind::python
