// SPDX-License-Identifier: Apache-2.0
#include "update/explain_reads.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <optional>
#include <utility>

#include "core/image_reference.hpp"
#include "update/signal.hpp"

namespace headwind::update {
namespace {

// Said apart: an Answer could be made of an Error, too.
Result<ExplainReads::Answer> unanswered(Error error) { return {boost::system::in_place_error, std::move(error)}; }

}  // namespace

struct ExplainReads::Flight {
  explicit Flight(const Executor& executor) : landed(executor) {}
  Signal landed;
  std::optional<Answer> answer;
};

// However the question ends, by an exception too: those who wait go on, and it may be asked again.
struct ExplainReads::Landing {
  ExplainReads& reads;
  const Question& question;
  std::shared_ptr<Flight> flight;
  ~Landing() {
    reads.under_way_.erase(question);
    flight->landed.notify();
  }
};

const ExplainReads::Answer* ExplainReads::remembered(const Question& question) {
  const std::int64_t now = clock_.mono_ms();
  std::erase_if(kept_, [&](const auto& one) {
    return now - one.second.read_ms >= (one.second.answer.found ? answer_kept_ms : failure_kept_ms);
  });
  const auto found = kept_.find(question);
  return found == kept_.end() ? nullptr : &found->second.answer;
}

bool ExplainReads::is_full(const Question& question) const {
  const auto host = host_of(question.repository.str());
  const auto beside = std::count_if(under_way_.begin(), under_way_.end(),
                                    [&](const auto& one) { return host_of(one.first.repository.str()) == host; });
  return under_way_.size() >= most_under_way || static_cast<std::size_t>(beside) >= most_of_host;
}

// The oldest of its kind makes room.
void ExplainReads::keep(const Question& question, const Answer& answer) {
  const Kept made{answer, clock_.mono_ms()};
  const auto is_kin = [&](const auto& one) { return one.second.is_list() == made.is_list(); };
  const std::size_t most = made.is_list() ? most_lists : most_others;
  if (static_cast<std::size_t>(std::count_if(kept_.begin(), kept_.end(), is_kin)) >= most) {
    auto oldest = kept_.end();
    for (auto one = kept_.begin(); one != kept_.end(); ++one)
      if (is_kin(*one) && (oldest == kept_.end() || one->second.read_ms < oldest->second.read_ms)) oldest = one;
    kept_.erase(oldest);
  }
  kept_.insert_or_assign(question, made);
}

Task<Result<ExplainReads::Answer>> ExplainReads::get(Question question, Ask ask) {
  if (const Answer* known = remembered(question)) {
    Answer answer = *known;
    answer.remembered = true;
    co_return answer;
  }
  if (const auto other = under_way_.find(question); other != under_way_.end()) {
    const std::shared_ptr<Flight> flight = other->second;
    co_await flight->landed.wait();
    if (flight->answer) co_return *flight->answer;
    co_return unanswered(
        make_error(Code::internal, "the look-up at " + question.repository.str() + " failed; see the log"));
  }
  if (is_full(question)) {
    Error busy = make_error(Code::throttled, "as many look-ups for explanations are under way as may be at once");
    busy.retry_after = std::chrono::seconds(2);
    co_return unanswered(std::move(busy));
  }
  const Executor executor = co_await boost::asio::this_coro::executor;
  const auto flight = std::make_shared<Flight>(executor);
  under_way_.emplace(question, flight);
  const Landing landing{*this, question, flight};
  Result<Found> found = co_await ask();
  flight->answer = Answer{std::move(found), clock_.unix_ms()};
  keep(question, *flight->answer);
  co_return *flight->answer;
}

}  // namespace headwind::update
