// SPDX-License-Identifier: Apache-2.0
#include "plugin/search.hpp"

#include <string>
#include <utility>

#include "core/clock.hpp"
#include "plugin/inspect.hpp"
#include "plugin/module.hpp"
#include "plugin/probe.hpp"

namespace headwind::plugin {

void Search::add(std::filesystem::path file) {
  const Culprit culprit = journal_ ? make_culprit("file:" + file.filename().string(), fingerprint_of(file)) : Culprit{};
  // What a child survives may still crash here.
  const auto quarantine = journal_ ? journal_->quarantine(culprit, system_clock().unix_ms()) : std::nullopt;
  if (quarantine) {
    std::string sentence = file.filename().string() + " is not loaded: " + quarantine->sentence();
    found_.push_back({std::move(file), make_error(Code::unavailable, std::move(sentence))});
    return;
  }
  wanted_.push_back(std::move(file));
  culprits_.push_back(culprit);
}

std::vector<Result<>> Search::examine(const std::vector<std::filesystem::path>& files) const {
  if (!executable_.empty()) return probe_all(executable_, files, limit_);
  std::vector<Result<>> out;
  out.reserve(files.size());
  for (const auto& file : files) out.push_back(inspect(file));
  return out;
}

void Search::run() {
  const std::vector<Result<>> answers = examine(wanted_);
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (!answers[i]) {
      found_.push_back({wanted_[i], answers[i].error()});
      continue;
    }
    const Journal::Entry entry(journal_, culprits_[i], "load");
    found_.push_back({wanted_[i], open_module(wanted_[i], {}, minor_)});
  }
  ended_ = true;
}

}  // namespace headwind::plugin
