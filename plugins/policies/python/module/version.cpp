// SPDX-License-Identifier: Apache-2.0
#include "version.hpp"

#include <pybind11/operators.h>
#include <pybind11/pybind11.h>

#include "parts.hpp"

namespace py = pybind11;

namespace headwind::python {
namespace {

std::string_view without_zeros(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

py::int_ number(const hw::version& version, std::size_t part) {
  if (part >= version.count) return py::int_(0);
  // By Python itself: there is no limit to the digits of a part.
  return py::int_(py::str(version.parts[part].data(), version.parts[part].size()));
}

py::tuple parts_of(const Version& version) {
  py::tuple parts(version.get().count);
  for (std::size_t i = 0; i < version.get().count; ++i) parts[i] = number(version.get(), i);
  return parts;
}

// Equal versions have equal hashes: 1.2 and 1.2.0 are equal, and so, perhaps, are variants that differ in their text.
py::ssize_t hash_of(const Version& version) {
  std::string text;
  std::size_t count = version.get().count;
  while (count > 1 && without_zeros(version.get().parts[count - 1]) == "0") --count;
  for (std::size_t i = 0; i < count; ++i) text.append(without_zeros(version.get().parts[i])).append(".");
  return py::hash(py::str(text));
}

template <std::string_view hw::version::* member>
std::string text_of(const Version& version) {
  return std::string(version.get().*member);
}

bool same_shape(const Version& a, const Version& b) {
  return hw::same_prefix(a.get(), b.get()) && hw::same_variant(a.get(), b.get()) && a.get().count == b.get().count;
}

std::shared_ptr<Version> made_of(std::string text) {
  auto made = Version::parse(std::move(text));
  if (!made) throw py::value_error("not a version; use Version.parse(text), which gives None then");
  return made;
}

}  // namespace

std::string quoted(std::string_view text) {
  constexpr std::size_t most = 80;
  const py::str whole(text.data(), text.size());
  const std::string shown = py::repr(whole[py::slice(0, most, 1)]).cast<std::string>();
  return py::len(whole) > most ? shown + "..." : shown;
}

void add_versions(py::module_& module) {
  const auto order = [](const Version& a, const Version& b) { return hw::compare(a.get(), b.get()); };
  py::class_<Version, std::shared_ptr<Version>> type(module, "Version");
  type.def(py::init(&made_of), py::arg("text"))
      .def_static("parse", &Version::parse, py::arg("text"))
      .def_property_readonly("text", &Version::text)
      .def_property_readonly("parts", &parts_of)
      .def_property_readonly("major", [](const Version& self) { return number(self.get(), 0); })
      .def_property_readonly("minor", [](const Version& self) { return number(self.get(), 1); })
      .def_property_readonly("patch", [](const Version& self) { return number(self.get(), 2); })
      .def_property_readonly("prefix", &text_of<&hw::version::prefix>)
      .def_property_readonly("prerelease", &text_of<&hw::version::prerelease>)
      .def_property_readonly("variant", &text_of<&hw::version::variant>)
      .def_property_readonly("revision", &text_of<&hw::version::revision>)
      .def_property_readonly("build", &text_of<&hw::version::build>)
      .def_property_readonly("channel", [](const Version& self) { return std::string(hw::channel(self.get())); })
      .def("same_shape", &same_shape, py::arg("other"))
      .def(
          "__eq__", [order](const Version& a, const Version& b) { return order(a, b) == 0; }, py::is_operator())
      .def(
          "__ne__", [order](const Version& a, const Version& b) { return order(a, b) != 0; }, py::is_operator())
      .def(
          "__lt__", [order](const Version& a, const Version& b) { return order(a, b) < 0; }, py::is_operator())
      .def(
          "__le__", [order](const Version& a, const Version& b) { return order(a, b) <= 0; }, py::is_operator())
      .def(
          "__gt__", [order](const Version& a, const Version& b) { return order(a, b) > 0; }, py::is_operator())
      .def(
          "__ge__", [order](const Version& a, const Version& b) { return order(a, b) >= 0; }, py::is_operator())
      .def("__hash__", &hash_of)
      .def("__str__", &Version::text)
      .def("__repr__", [](const Version& self) { return "Version(" + quoted(self.text()) + ")"; });
  module.def("is_signature", [](std::string_view tag) { return hw::is_signature_tag(tag); }, py::arg("tag"));
}

}  // namespace headwind::python
