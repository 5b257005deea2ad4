// SPDX-License-Identifier: Apache-2.0
// The class Candidate, by CPython's own interface: there are ten thousand of them in one decision, and an object of
// pybind11 takes ten times as long to make. What is seldom asked for (version, time) is made when it is.
#include "candidate.hpp"

#include <pybind11/pybind11.h>
#include <structmember.h>

#include <cstddef>
#include <cstdint>

#include "../batch.hpp"
#include "parts.hpp"
#include "version.hpp"

namespace py = pybind11;

namespace headwind::python {
namespace {

struct Candidate {
  PyObject ob_base;
  PyObject *tag, *digest;  // str; digest may be None
  PyObject* note;          // str
  PyObject* version;       // NULL: not read yet
  std::int64_t pushed_ms;  // 0: not known
};

PyTypeObject* type = nullptr;

Candidate* cast(PyObject* self) { return reinterpret_cast<Candidate*>(self); }

PyObject* make(PyTypeObject* of, PyObject* tag, PyObject* digest, std::int64_t pushed_ms) {  // steals tag and digest
  PyObject* self = tag == nullptr || digest == nullptr ? nullptr : of->tp_alloc(of, 0);
  if (self == nullptr) {
    Py_XDECREF(tag);
    Py_XDECREF(digest);
    return nullptr;
  }
  Candidate* made = cast(self);
  made->tag = tag;
  made->digest = digest;
  made->note = PyUnicode_FromStringAndSize(nullptr, 0);
  made->version = nullptr;
  made->pushed_ms = pushed_ms;
  return self;
}

void drop(PyObject* self) {
  Candidate* dropped = cast(self);
  Py_XDECREF(dropped->tag);
  Py_XDECREF(dropped->digest);
  Py_XDECREF(dropped->note);
  Py_XDECREF(dropped->version);
  PyTypeObject* of = Py_TYPE(self);
  of->tp_free(self);
  Py_DECREF(of);
}

// Candidate(tag, digest=None, pushed=None)
PyObject* make_by_hand(PyTypeObject* of, PyObject* arguments, PyObject* named) {
  static const char* names[] = {"tag", "digest", "pushed", nullptr};
  PyObject *tag = nullptr, *digest = Py_None, *pushed = Py_None;
  if (PyArg_ParseTupleAndKeywords(arguments, named, "U|OO", const_cast<char**>(names), &tag, &digest, &pushed) == 0)
    return nullptr;
  if (digest != Py_None && !PyUnicode_Check(digest))
    return PyErr_SetString(PyExc_TypeError, "digest must be a str or None"), nullptr;
  std::int64_t pushed_ms = 0;
  if (pushed != Py_None) {
    PyObject* seconds = PyObject_CallMethod(pushed, "timestamp", nullptr);
    if (seconds == nullptr) return nullptr;
    pushed_ms = static_cast<std::int64_t>(PyFloat_AsDouble(seconds) * 1000);
    Py_DECREF(seconds);
    if (PyErr_Occurred() != nullptr) return nullptr;
  }
  Py_INCREF(tag);
  Py_INCREF(digest);
  return make(of, tag, digest, pushed_ms);
}

PyObject* get_version(PyObject* self, void*) {
  Candidate* candidate = cast(self);
  if (candidate->version == nullptr) {
    try {
      candidate->version = py::cast(Version::parse(tag_of(self))).release().ptr();  // None where it is no version
    } catch (py::error_already_set& raised) {
      return raised.restore(), nullptr;
    } catch (const std::exception& failed) {
      return PyErr_SetString(PyExc_RuntimeError, failed.what()), nullptr;
    }
  }
  Py_INCREF(candidate->version);
  return candidate->version;
}

PyObject* get_pushed(PyObject* self, void*) {
  const std::int64_t pushed_ms = cast(self)->pushed_ms;
  if (pushed_ms == 0) Py_RETURN_NONE;
  try {
    const py::module_ times = py::module_::import("datetime");
    return times.attr("datetime")
        .attr("fromtimestamp")(static_cast<double>(pushed_ms) / 1000, times.attr("timezone").attr("utc"))
        .release()
        .ptr();
  } catch (py::error_already_set& raised) {
    return raised.restore(), nullptr;
  }
}

PyObject* get_note(PyObject* self, void*) {
  Py_INCREF(cast(self)->note);
  return cast(self)->note;
}

int set_note(PyObject* self, PyObject* value, void*) {
  if (value == nullptr || !PyUnicode_Check(value)) return PyErr_SetString(PyExc_TypeError, "note must be a str"), -1;
  Py_INCREF(value);
  Py_XSETREF(cast(self)->note, value);
  return 0;
}

PyObject* show(PyObject* self) { return PyUnicode_FromFormat("Candidate(%R)", cast(self)->tag); }

PyObject* list_of(const Batch& batch) {
  PyObject* list = PyList_New(static_cast<Py_ssize_t>(batch.count));
  if (list == nullptr) return nullptr;
  for (std::size_t row = 0; row < batch.count; ++row) {
    const std::string_view tag = Batch::row(batch.text, batch.tag_ends, row);
    const std::string_view digest =
        batch.digest_ends.empty() ? std::string_view() : Batch::row(batch.digests, batch.digest_ends, row);
    PyObject* name = PyUnicode_DecodeUTF8(tag.data(), static_cast<Py_ssize_t>(tag.size()), "replace");
    PyObject* known = digest.empty()
                          ? Py_NewRef(Py_None)
                          : PyUnicode_DecodeUTF8(digest.data(), static_cast<Py_ssize_t>(digest.size()), "replace");
    PyObject* made = make(type, name, known, batch.pushed_ms.empty() ? 0 : batch.pushed_ms[row]);
    if (made == nullptr) return Py_DECREF(list), nullptr;
    PyList_SET_ITEM(list, static_cast<Py_ssize_t>(row), made);
  }
  return list;
}

PyMemberDef members[] = {{"tag", T_OBJECT_EX, offsetof(Candidate, tag), READONLY, nullptr},
                         {"digest", T_OBJECT_EX, offsetof(Candidate, digest), READONLY, nullptr},
                         {nullptr, 0, 0, 0, nullptr}};
PyGetSetDef computed[] = {{"version", get_version, nullptr, nullptr, nullptr},
                          {"pushed", get_pushed, nullptr, nullptr, nullptr},
                          {"note", get_note, set_note, nullptr, nullptr},
                          {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyType_Slot slots[] = {{Py_tp_new, reinterpret_cast<void*>(make_by_hand)},
                       {Py_tp_dealloc, reinterpret_cast<void*>(drop)},
                       {Py_tp_repr, reinterpret_cast<void*>(show)},
                       {Py_tp_members, members},
                       {Py_tp_getset, computed},
                       {0, nullptr}};
PyType_Spec spec = {"headwind._native.Candidate", sizeof(Candidate), 0, Py_TPFLAGS_DEFAULT, slots};

}  // namespace

bool is_candidate(py::handle object) { return Py_TYPE(object.ptr()) == type; }
std::string tag_of(py::handle candidate) {
  return py::reinterpret_borrow<py::str>(cast(candidate.ptr())->tag).cast<std::string>();
}

void add_candidates(py::module_& module) {
  PyObject* made = PyType_FromSpec(&spec);
  if (made == nullptr) throw py::error_already_set();
  type = reinterpret_cast<PyTypeObject*>(made);
  module.add_object("Candidate", made);
  static ListOf function = list_of;
  module.add_object("_list_of", py::capsule(static_cast<const void*>(&function), batch_capsule));
}

}  // namespace headwind::python
