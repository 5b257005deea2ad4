// SPDX-License-Identifier: Apache-2.0
// An instance of a plugin that is checked, on a test host of its own.
#pragma once
#include <headwind/headwind.h>

#include <chrono>
#include <optional>
#include <string>

#include "conformance/finding.hpp"
#include "conformance/repertoire.hpp"
#include "conformance/test_host.hpp"

namespace headwind::conformance {

struct Subject {  // what is checked
  const hw_plugin* plugin = nullptr;
  std::string settings = "{}";  // that fit its schema, defaults filled in
  Grants grants{};
  bool script = false;  // it is a script that is to be checked, not the plugin which runs it

  bool needs(std::string_view service) const;
  std::vector<Step> steps(Inputs inputs) const { return steps_of(*plugin, inputs); }
};

struct Ending {  // of one call
  hw_status status = HW_INTERNAL;
  std::optional<Visit::Failure> failure{};
  std::chrono::milliseconds took{0};
  std::size_t requests = 0;  // HTTP

  // "unavailable: the peer answered 500".
  std::string sentence() const;
};

class Instance {
 public:
  Instance(const Subject& subject, const Grants& grants, TakenBack afterwards = TakenBack::readable);
  explicit Instance(const Subject& subject, TakenBack afterwards = TakenBack::readable)
      : Instance(subject, subject.grants, afterwards) {}
  ~Instance() { destroy(); }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  // Calls create. Only after that, and where it ended well, the others.
  const Ending& create(const std::string& settings);
  const Ending& create() { return create(subject_.settings); }
  bool made() const { return made_; }
  const Ending& created() const { return created_; }
  Ending perform(const Step& step);
  void destroy();

  TestHost& host() { return host_; }
  // Failed where a rule was broken, a warning where something is doubtful, else passed.
  Finding finding(std::string otherwise = {}) const;

 private:
  const Subject& subject_;
  TestHost host_;
  Ending created_;
  bool made_ = false;
  void* self_ = nullptr;
};

}  // namespace headwind::conformance
