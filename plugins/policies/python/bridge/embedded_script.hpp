// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <pybind11/pybind11.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../bridge.hpp"
#include "interpreter.hpp"
#include "source_file.hpp"
#include "worker.hpp"

namespace headwind::python {

// One file of a policy or a notifier: loaded, watched, called on its own thread.
class EmbeddedScript final : public Script {
 public:
  EmbeddedScript(const Interpreter& interpreter, const Settings& settings);
  ~EmbeddedScript() override;

  Answer choose(std::shared_ptr<Question> question, std::chrono::milliseconds left) override;
  Answer send(std::string event, std::chrono::milliseconds left) override;
  std::vector<Remark> remarks() override { return std::exchange(remarks_, {}); }
  // Reads the file where it is new. An empty text: there is something to call; else why not.
  std::string refresh(std::chrono::milliseconds left);

 private:
  struct Call;  // what the worker and we share, also when we do not wait for it any longer
  struct Code;  // the policy that the file became

  struct Late;  // why there is nothing in a Call

  // Runs `body` in the interpreter, guarded, and tells in `call` what came of it.
  std::optional<Late> run(const std::shared_ptr<Call>& call, std::function<void(Call&)> body,
                          std::chrono::milliseconds left);
  void let_go(std::shared_ptr<Code> code);

  const Interpreter& interpreter_;
  const Settings settings_;
  SourceFile file_;
  std::shared_ptr<Code> code_;  // null: there never was a good one
  std::string broken_;          // why the newest edit is not what runs
  std::vector<Remark> remarks_;
  Worker worker_;
};

}  // namespace headwind::python
