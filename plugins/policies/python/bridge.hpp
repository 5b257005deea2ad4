// SPDX-License-Identifier: Apache-2.0
// Between the plugin, which every operator loads, and the bridge, which brings CPython with it and is opened when the
// first instance is made. Both are built together; no exception and no Python object crosses.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "batch.hpp"

namespace headwind::python {

struct Settings {
  std::string name;  // of the module that the file becomes
  std::string file;
  std::string callable;                   // function or class in it
  std::chrono::milliseconds limit{1000};  // for one call
  std::size_t memory = 0;                 // bytes that the script may hold
};

struct Question {  // owned: see batch.hpp
  std::string workload, slot, repository, tag, digest, parameters;
  bool pushed = false;
  bool notes = false;  // somebody will read the sentences on each tag
  Batch candidates;
};

struct Answer {
  enum class Fate : std::uint8_t {
    update,
    hold,
    invalid,  // the workload's parameters do not fit the policy's schema
    failed,   // the script is broken, raised something or answered nonsense
    overrun,  // it did not end in time
    busy      // another script holds the interpreter: try again
  };
  Fate fate = Fate::failed;
  std::size_t index = 0;
  std::string why;
  std::vector<std::string> notes;  // one for each candidate, where asked for
};

// Something about the file that belongs into the log.
struct Remark {
  bool good = false;
  std::string text;
};

class Script {
 public:
  Script() = default;
  virtual ~Script() = default;
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  // One at a time. `left`: until the caller's own deadline.
  virtual Answer choose(std::shared_ptr<Question> question, std::chrono::milliseconds left) = 0;
  // `event`: a JSON object. Fate hold: delivered. Invalid: it never can be.
  virtual Answer send(std::string event, std::chrono::milliseconds left) = 0;
  // What happened to the file since the last time.
  virtual std::vector<Remark> remarks() = 0;
};

// Symbol "headwind_python_open" of the bridge: null, and `problem`, where CPython cannot be started. A file that is
// broken is no such case: its calls fail until it is mended.
using OpenScript = Script* (*)(const Settings& settings, std::string& problem);

}  // namespace headwind::python
