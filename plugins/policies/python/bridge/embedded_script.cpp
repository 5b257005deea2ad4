// SPDX-License-Identifier: Apache-2.0
#include "embedded_script.hpp"

#include <algorithm>
#include <utility>

namespace py = pybind11;

namespace headwind::python {
namespace {

constexpr std::size_t longest_reason = 1500;  // of a sentence: an Event takes 1024 characters, the ABI 4096 bytes
constexpr std::size_t longest_note = 500;
constexpr std::int64_t spare_memory = 16 << 20;

// As UTF-8, whatever the script put into its strings, and not too long.
std::string text_of(py::handle text, std::size_t longest) {
  PyObject* bytes = PyUnicode_AsEncodedString(text.ptr(), "utf-8", "replace");
  if (bytes == nullptr) {
    PyErr_Clear();
    return "?";
  }
  std::string out(PyBytes_AS_STRING(bytes), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes)));
  Py_DECREF(bytes);
  if (out.size() <= longest) return out;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) --end;
  return out.substr(0, end) + "...";
}

double seconds_of(std::chrono::milliseconds limit) { return std::chrono::duration<double>(limit).count(); }

}  // namespace

struct EmbeddedScript::Code {
  py::object loaded;

  Code() = default;
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code() {  // mostly on the script's thread; on ours where a call came back just when we gave it up
    const PyGILState_STATE held = PyGILState_Ensure();
    loaded = py::object();
    PyGILState_Release(held);
  }
};

struct EmbeddedScript::Late {
  Answer::Fate fate = Answer::Fate::overrun;
  std::string why;
  bool begun = false;
};

struct EmbeddedScript::Call {
  Answer::Fate fate = Answer::Fate::failed;
  std::string why;
  std::size_t index = 0;
  std::vector<std::string> notes;
  std::shared_ptr<Code> code;
};

EmbeddedScript::EmbeddedScript(const Interpreter& interpreter, const Settings& settings)
    : interpreter_(interpreter),
      settings_(settings),
      file_(settings.file),
      worker_(interpreter, settings.memory, [&interpreter, settings](unsigned long thread) {
        try {
          const py::object line =
              interpreter.host.attr("whereabouts")(thread, settings.file, seconds_of(settings.limit));
          return text_of(line, longest_reason);
        } catch (const std::exception&) {
          return std::string();
        }
      }) {}

EmbeddedScript::~EmbeddedScript() { let_go(std::move(code_)); }

// By the script's own thread, since ours must not wait for the interpreter. One that does not come any more leaks it.
void EmbeddedScript::let_go(std::shared_ptr<Code> code) {
  std::string where;
  auto* kept = new std::shared_ptr<Code>(std::move(code));
  worker_.run([kept] { delete kept; }, std::chrono::milliseconds(250), where);
}

std::optional<EmbeddedScript::Late> EmbeddedScript::run(const std::shared_ptr<Call>& call,
                                                        std::function<void(Call&)> body,
                                                        std::chrono::milliseconds left) {
  // Nothing of ours but what outlives us: the call may come back when we are gone.
  auto work = [call, body = std::move(body), &state = worker_.state(), &interpreter = interpreter_,
               settings = settings_] {
    py::object raised;
    try {
      const Worker::Guarded guarded(state);
      body(*call);
    } catch (py::error_already_set& error) {
      raised = error.value();
      if (raised && error.trace()) PyException_SetTraceback(raised.ptr(), error.trace().ptr());
    } catch (const std::exception& failed) {
      call->why = failed.what();
    }
    if (!raised) return;
    const bool overrun = py::isinstance(raised, interpreter.overrun);
    const bool invalid =
        py::isinstance(raised, interpreter.parameter_error) || py::isinstance(raised, interpreter.undeliverable);
    call->fate = overrun ? Answer::Fate::overrun : invalid ? Answer::Fate::invalid : Answer::Fate::failed;
    try {
      // Guarded, too: its text may be code of the script. With some memory more, since that may be what is lacking.
      const Worker::Guarded guarded(state, spare_memory);
      const py::object text = invalid ? py::object(py::str(raised))
                                      : interpreter.host.attr("explain")(
                                            raised, settings.file, seconds_of(settings.limit), settings.memory >> 20U);
      call->why = text_of(text, longest_reason);
    } catch (const std::exception&) {
      call->why = "it raised an exception that has no text";
    }
  };
  std::string where;
  const Worker::End end = worker_.run(std::move(work), left, where);
  switch (end) {
    case Worker::End::done: return std::nullopt;
    case Worker::End::overrun:
    case Worker::End::occupied:
      if (where.empty())
        where = "it did not end in time and holds the interpreter, so that what it called cannot be interrupted";
      return Late{Answer::Fate::overrun, std::move(where), end == Worker::End::overrun};
    case Worker::End::not_started: break;
  }
  return Late{Answer::Fate::busy, "another script holds the interpreter", false};
}

std::string EmbeddedScript::refresh(std::chrono::milliseconds left) {
  if (!file_.changed()) return code_ ? std::string() : broken_;
  const auto call = std::make_shared<Call>();
  const auto body = [&interpreter = interpreter_, settings = settings_](Call& of) {
    auto code = std::make_shared<Code>();
    code->loaded = interpreter.host.attr("load")(settings.file, settings.name, settings.callable);
    of.code = std::move(code);
  };
  const std::optional<Late> late = run(call, body, left);
  if (late || !call->code) {
    if (late && !late->begun) {  // nobody has read it yet
      file_.look_again();
      return code_ ? std::string() : late->why;
    }
    broken_ = late ? late->why : call->why;
    remarks_.push_back({false, broken_});
    return code_ ? std::string() : broken_;
  }
  std::shared_ptr<Code> before = std::exchange(code_, std::move(call->code));
  broken_.clear();
  remarks_.push_back({true, settings_.file});
  if (before) let_go(std::move(before));
  return {};
}

Answer EmbeddedScript::choose(std::shared_ptr<Question> question, std::chrono::milliseconds left) {
  const auto limit = std::min(settings_.limit, left);
  if (std::string problem = refresh(limit); !problem.empty()) return {Answer::Fate::failed, 0, std::move(problem), {}};
  const auto call = std::make_shared<Call>();
  const auto body = [question, code = code_, &interpreter = interpreter_](Call& of) {
    const py::object candidates = py::reinterpret_steal<py::object>(interpreter.list_of(question->candidates));
    if (!candidates) throw py::error_already_set();
    const auto text = [](const std::string& utf8) { return py::str(utf8); };
    const py::tuple answer = interpreter.host.attr("choose")(
        code->loaded, candidates, text(question->workload), text(question->slot), text(question->repository),
        text(question->tag), text(question->digest), question->pushed, text(question->parameters));
    const auto index = answer[0].cast<std::int64_t>();
    of.why = text_of(answer[1], longest_reason);
    if (question->notes)
      for (const py::handle note : interpreter.host.attr("notes")(candidates))
        of.notes.push_back(text_of(note, longest_note));
    of.index = index < 0 ? 0 : static_cast<std::size_t>(index);
    of.fate = index < 0 ? Answer::Fate::hold : Answer::Fate::update;
  };
  if (std::optional<Late> late = run(call, body, limit)) return {late->fate, 0, std::move(late->why), {}};
  const bool decided = call->fate == Answer::Fate::update || call->fate == Answer::Fate::hold;
  if (decided && !broken_.empty())
    call->why += "; the newest edit of the file is broken, so the one before it decided: " + broken_;
  return {call->fate, call->index, std::move(call->why), std::move(call->notes)};
}

Answer EmbeddedScript::send(std::string event, std::chrono::milliseconds left) {
  const auto limit = std::min(settings_.limit, left);
  if (std::string problem = refresh(limit); !problem.empty()) return {Answer::Fate::failed, 0, std::move(problem), {}};
  const auto call = std::make_shared<Call>();
  const auto body = [event = std::move(event), code = code_, &interpreter = interpreter_](Call& of) {
    interpreter.host.attr("send")(code->loaded, py::str(event));
    of.fate = Answer::Fate::hold;
  };
  if (std::optional<Late> late = run(call, body, limit)) return {late->fate, 0, std::move(late->why), {}};
  return {call->fate, 0, std::move(call->why), {}};
}

}  // namespace headwind::python

extern "C" __attribute__((visibility("default"))) headwind::python::Script* headwind_python_open(
    const headwind::python::Settings& settings, std::string& problem) {
  const headwind::python::Interpreter* interpreter = headwind::python::interpreter(problem);
  if (interpreter == nullptr) return nullptr;
  auto script = std::make_unique<headwind::python::EmbeddedScript>(*interpreter, settings);
  script->refresh(std::chrono::seconds(10));  // imports may take their time, where nobody waits
  return script.release();
}
