// SPDX-License-Identifier: Apache-2.0
#include "interpreter.hpp"

#include <Python.h>
#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include "memory.hpp"

namespace py = pybind11;

namespace headwind::python {
namespace {

// What a script may not do: it would outlive the call, or end the process. (Threads: _host.py.)
int audit(const char* event, PyObject*, void*) {
  static constexpr std::array<std::string_view, 8> processes{"os.fork",          "os.forkpty",         "os.exec",
                                                             "os.posix_spawn",   "os.system",          "os.kill",
                                                             "subprocess.Popen", "signal.pthread_kill"};
  if (!is_enforced() || std::ranges::find(processes, event) == processes.end()) return 0;
  PyErr_Format(PyExc_RuntimeError, "a script may not start threads or processes, or send signals (%s)", event);
  return -1;
}

void check(PyStatus status) {
  if (PyStatus_Exception(status) != 0)
    throw std::runtime_error(status.err_msg == nullptr ? "it gave no reason" : status.err_msg);
}

std::filesystem::path own_directory() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&own_directory), &info) == 0 || info.dli_fname == nullptr) return ".";
  return std::filesystem::absolute(info.dli_fname).parent_path();
}

void start() {
  // The plugin was opened RTLD_LOCAL, and libpython with it. Extension modules (ssl, decimal, _json) are linked with
  // nothing: they look for Python's symbols in the global scope.
  if (dlopen("libpython3.11.so.1.0", RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD) == nullptr)
    throw std::runtime_error(std::string("libpython3.11 is not loaded: ") + dlerror());
  PyPreConfig before;
  PyPreConfig_InitIsolatedConfig(&before);
  before.utf8_mode = 1;
  check(Py_PreInitialize(&before));
#if !defined(HEADWIND_SANITIZED)  // they have allocators of their own
  watch_allocations();
#endif
  PySys_AddAuditHook(audit, nullptr);
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.install_signal_handlers = 0;
  config.write_bytecode = 0;
  try {
    // Else it looks for itself along PATH, where another Python may come first.
    check(PyConfig_SetString(&config, &config.program_name, L"/usr/bin/python3.11"));
    check(Py_InitializeFromConfig(&config));
  } catch (...) {
    PyConfig_Clear(&config);
    throw;
  }
  PyConfig_Clear(&config);
  py::detail::get_internals();  // made on this thread, or the first worker that needs them crashes
}

Interpreter* open() {
  start();
  auto* made = new Interpreter;  // never freed: see the header
  made->state = PyInterpreterState_Get();
  {
    py::module_::import("sys").attr("path").attr("insert")(0, own_directory().string());
    const py::module_ headwind = py::module_::import("headwind");
    made->host = py::module_::import("headwind._host");
    made->host.attr("tame")();
    made->overrun = headwind.attr("Overrun");
    made->parameter_error = headwind.attr("ParameterError");
    made->undeliverable = headwind.attr("Undeliverable");
    const py::object capsule = py::module_::import("headwind._native").attr("_list_of");
    void* function = PyCapsule_GetPointer(capsule.ptr(), batch_capsule);
    if (function == nullptr) throw py::error_already_set();
    made->list_of = *static_cast<ListOf*>(function);
  }
  return made;
}

}  // namespace

const Interpreter* interpreter(std::string& problem) {
  static std::once_flag once;
  static const Interpreter* made = nullptr;
  static std::string* why = new std::string;
  std::call_once(once, [] {
    try {
      made = open();
    } catch (const std::exception& failed) {
      *why = failed.what();
    }
    if (Py_IsInitialized() != 0) PyEval_SaveThread();
  });
  if (made == nullptr) problem = *why;
  return made;
}

}  // namespace headwind::python
