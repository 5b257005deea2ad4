// SPDX-License-Identifier: Apache-2.0
#include "cli/choice_report.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/text.hpp"

namespace headwind::cli {
namespace {

const char* word(plugin::Verdict verdict) {
  switch (verdict) {
    case plugin::Verdict::hold: return "hold";
    case plugin::Verdict::update: return "update";
    case plugin::Verdict::ignored: return "ignored";
  }
  return "hold";
}

void print_text(const std::vector<std::string>& tags, const plugin::Choice& choice) {
  std::size_t width = 0;
  for (const auto& tag : tags) width = std::max(width, tag.size());
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto& judgement = choice.judgements[i];
    std::printf("%-*s  %-7s  %s\n", static_cast<int>(width), tags[i].c_str(), word(judgement.verdict),
                printable(judgement.reason).c_str());
  }
  const bool update = choice.verdict == plugin::Verdict::update;
  std::printf("choice: %s (%s)\n", update ? tags[choice.index].c_str() : "none", printable(choice.why).c_str());
}

void print_json(const Asked& asked, const std::vector<std::string>& tags, const plugin::Choice& choice) {
  using Json = nlohmann::ordered_json;
  Json candidates = Json::array();
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto& judgement = choice.judgements[i];
    candidates.push_back({{"tag", tags[i]}, {"verdict", word(judgement.verdict)}, {"reason", judgement.reason}});
  }
  const bool update = choice.verdict == plugin::Verdict::update;
  const Json document{{"current", asked.current},
                      {"policy", asked.policy},
                      {"choice", update ? Json(tags[choice.index]) : Json(nullptr)},
                      {"candidates", std::move(candidates)}};
  std::puts(document.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

}  // namespace

void print_choice(const Asked& asked, const std::vector<std::string>& tags, const plugin::Choice& choice, bool json) {
  if (json) {
    print_json(asked, tags, choice);
  } else {
    print_text(tags, choice);
  }
}

}  // namespace headwind::cli
