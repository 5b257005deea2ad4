// SPDX-License-Identifier: Apache-2.0
// What registries are asked only to explain workloads. However many ask again and again, a registry hears little of it.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/symbol.hpp"
#include "update/candidates.hpp"

namespace headwind::update {

// Answers are remembered for a minute and failures for a quarter of one; who asks meanwhile, or about a workload beside
// it, costs the registry nothing. The same question is asked once for all who ask it at the same time. Nothing is ever
// decided from it. Engine thread only; must outlive its questions.
class ExplainReads {
 public:
  static constexpr std::int64_t answer_kept_ms = 60'000, failure_kept_ms = 15'000;
  static constexpr std::size_t most_lists = 8, most_others = 512;      // remembered: lists are long
  static constexpr std::size_t most_under_way = 16, most_of_host = 8;  // questions, and those to one registry host

  // By the identity that reads: what one may see, another may not.
  struct Question {
    Symbol repository, identity;
    std::string tag = {};  // whose digest is wanted; empty: the list of tags
    auto operator<=>(const Question&) const = default;
  };
  struct Found {
    TagList list = {};
    std::string digest = {};
  };
  struct Answer {
    Result<Found> found;
    std::int64_t at_ms = 0;   // when the registry said so, since 1970
    bool remembered = false;  // it was not asked for this
  };
  using Ask = std::function<Task<Result<Found>>()>;

  explicit ExplainReads(const Clock& clock) : clock_(clock) {}

  // Code::throttled: as many questions are under way as may be, and this one is neither among them nor remembered.
  Task<Result<Answer>> get(Question question, Ask ask);

 private:
  struct Flight;
  struct Landing;
  struct Kept {
    Answer answer;
    std::int64_t read_ms = 0;  // of the steady clock
    bool is_list() const { return answer.found && answer.found->list != nullptr; }
  };
  const Answer* remembered(const Question& question);
  bool is_full(const Question& question) const;
  void keep(const Question& question, const Answer& answer);

  const Clock& clock_;
  std::map<Question, Kept> kept_;
  std::map<Question, std::shared_ptr<Flight>> under_way_;
};

}  // namespace headwind::update
