// SPDX-License-Identifier: Apache-2.0
#include "app/backlog.hpp"

#include <algorithm>
#include <utility>

namespace headwind::app {
namespace {

constexpr std::size_t remembered_ids = 4096;
constexpr std::chrono::milliseconds longest_wish = std::chrono::hours(24);  // of a receiver: Retry-After

}  // namespace

bool Backlog::remember(const std::string& id) {
  if (!ids_.insert(id).second) return false;
  order_.push_back(id);
  if (order_.size() > remembered_ids) {
    ids_.erase(order_.front());
    order_.pop_front();
  }
  return true;
}

std::optional<api::DeadLetter> Backlog::put(plugin::Event event) {
  if (!remember(event.id)) return {};
  if (settled_before_.contains(event.id)) {
    std::erase(settled_, event.id);  // it becomes the newest
    settled(event);
    return {};
  }
  waiting_.push_back({std::move(event), clock_.mono_ms()});
  if (waiting_.size() <= limit) return {};
  const auto oldest = std::find_if(waiting_.begin(), waiting_.end(), [](const Waiting& w) { return !w.under_way; });
  api::DeadLetter dropped =
      letter(*oldest, api::DeadLetter::Reason::overflow, oldest->error.empty() ? error_ : oldest->error);
  holds_.erase(oldest->event.subject);
  waiting_.erase(oldest);
  return dropped;
}

std::vector<plugin::Event> Backlog::take() {
  std::vector<plugin::Event> events;
  const std::int64_t now = clock_.mono_ms();
  if (!under_way_.empty() || rests()) return events;
  std::set<std::string_view> seen;  // the workloads: what comes later of them waits
  for (auto place = waiting_.begin(); place != waiting_.end() && events.size() < most_at_once; ++place) {
    const std::string& subject = place->event.subject;
    if (!seen.insert(subject).second) continue;
    const auto hold = holds_.find(subject);
    if (hold != holds_.end() && now < hold->second.until_ms) continue;
    place->under_way = true;
    under_way_.push_back(place);
    events.push_back(place->event);
  }
  return events;
}

Backlog::Outcome Backlog::settle(const std::vector<Result<>>& fates) {
  Outcome outcome;
  std::optional<std::pair<Place, Error>> first_failure;
  bool answered = false;
  const std::int64_t now = clock_.unix_ms();
  for (std::size_t i = 0; i < under_way_.size(); ++i) {
    const Place place = under_way_[i];
    place->under_way = false;
    const Result<> fate = i < fates.size() ? fates[i] : make_error(Code::unavailable, "the plugin gave no answer");
    // What stands behind the first failure was most likely not tried: a notifier stops there.
    if (!fate && fate.error().retryable && first_failure) continue;
    ++place->attempts;
    if (place->first_try_ms == 0) place->first_try_ms = now;
    place->last_try_ms = now;
    if (!fate && fate.error().retryable) {
      first_failure.emplace(place, fate.error());
      continue;
    }
    answered = true;
    if (fate)
      ++outcome.told;
    else
      outcome.dead.push_back(letter(*place, api::DeadLetter::Reason::refused, fate.error().message));
    settled(place->event);
    holds_.erase(place->event.subject);
    waiting_.erase(place);
  }
  under_way_.clear();
  if (answered) {
    // The receiver is back: who was held up while nobody got through is due again.
    if (std::exchange(failures_, 0) > 1) holds_.clear();
    error_.clear();
  }
  if (first_failure) failed(first_failure->first, first_failure->second, answered);
  expire(first_failure && !answered, outcome);
  return outcome;
}

void Backlog::failed(Place place, const Error& error, bool others_got_through) {
  const std::int64_t now = clock_.mono_ms();
  error_ = place->error = error.message;
  Hold& hold = holds_[place->event.subject];
  hold.until_ms = now + pause(++hold.failures);
  if (!others_got_through) ++failures_;
  // One failure may be that event's own trouble, so the next workload is tried at once; two in a row are the
  // receiver's.
  if (failures_ > 1) rests_until_ms_ = now + pause(failures_ - 1);
  const auto wish = std::min(error.retry_after, longest_wish);
  if (wish.count() > 0) rests_until_ms_ = std::max(rests_until_ms_, now + wish.count());
}

// What was tried for long enough; and what could not be, since nobody gets through.
void Backlog::expire(bool nobody_got_through, Outcome& outcome) {
  const std::int64_t oldest = clock_.mono_ms() - pauses_.keep_trying.count();
  for (auto place = waiting_.begin(); place != waiting_.end();) {
    if (place->since_ms > oldest || (place->attempts == 0 && !nobody_got_through)) {
      ++place;
      continue;
    }
    outcome.dead.push_back(
        letter(*place, api::DeadLetter::Reason::expired, place->error.empty() ? error_ : place->error));
    settled(place->event);
    holds_.erase(place->event.subject);
    place = waiting_.erase(place);
  }
}

std::int64_t Backlog::pause(std::uint32_t failures) {
  const std::int64_t whole =
      std::min(pauses_.first.count() << std::min<std::uint32_t>(failures - 1, 20), pauses_.longest.count());
  return std::uniform_int_distribution<std::int64_t>(whole / 2, whole)(random_);
}

api::DeadLetter Backlog::letter(const Waiting& waiting, api::DeadLetter::Reason reason, std::string error) const {
  const plugin::Event& event = waiting.event;
  return {reason,           event.id,      event.type,           event.subject,       std::move(error),
          waiting.attempts, event.unix_ms, waiting.first_try_ms, waiting.last_try_ms, clock_.unix_ms()};
}

std::optional<std::int64_t> Backlog::due_ms() const {
  if (!under_way_.empty()) return {};
  std::optional<std::int64_t> due;
  std::set<std::string_view> seen;
  for (const Waiting& waiting : waiting_) {
    if (!seen.insert(waiting.event.subject).second) continue;
    const auto hold = holds_.find(waiting.event.subject);
    const std::int64_t at = hold == holds_.end() ? 0 : hold->second.until_ms;
    due = due ? std::min(*due, at) : at;
    if (at == 0) break;
  }
  if (due) due = std::max(*due, rests_until_ms_);
  return due;
}

std::vector<std::string> Backlog::names(std::size_t most) const {
  std::vector<std::string> names;
  for (const Waiting& waiting : waiting_) {
    if (names.size() == most) break;
    names.push_back(waiting.event.type + " of " + waiting.event.subject + ", " + waiting.event.id);
  }
  return names;
}

void Backlog::try_now() {
  holds_.clear();
  failures_ = 0;
  rests_until_ms_ = 0;
}

void Backlog::settle_until(std::int64_t unix_ms) { settled_up_to_ = std::max(settled_up_to_, unix_ms); }

void Backlog::settled(const plugin::Event& event) {
  settle_until(event.unix_ms);
  settled_.push_back(event.id);
  if (settled_.size() > most_settled) settled_.pop_front();
}

std::int64_t Backlog::mark() const {
  std::int64_t mark = settled_up_to_;
  for (const Waiting& waiting : waiting_) mark = std::min(mark, waiting.event.unix_ms - 1);
  return mark;
}

void Backlog::start_from(std::int64_t mark_ms, const std::vector<std::string>& settled_ids) {
  settled_up_to_ = mark_ms;
  settled_before_ = {settled_ids.begin(), settled_ids.end()};
  // What this process has told meanwhile is newer.
  settled_.insert(settled_.begin(), settled_ids.begin(), settled_ids.end());
  while (settled_.size() > most_settled) settled_.pop_front();
}

}  // namespace headwind::app
