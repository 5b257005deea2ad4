// SPDX-License-Identifier: Apache-2.0
#include "app/poll_marks.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "app/cluster.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "kube/config_map.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

constexpr std::string_view config_map = "headwind-state";
constexpr const char* data_key = "polled";
constexpr std::size_t most_bytes = 64U << 10U;
constexpr std::size_t key_size = 10;  // of a hash: that two repositories share one costs their order only
constexpr std::chrono::milliseconds interval{300'000};

}  // namespace

std::string asked_key(std::string_view repository) { return sha256_hex(repository).substr(0, key_size); }

std::string write_last_asked(const LastAsked& marks) {
  std::vector<std::pair<std::int64_t, std::string_view>> order;
  for (const auto& [key, seconds] : marks) order.emplace_back(seconds, key);
  std::sort(order.rbegin(), order.rend());
  std::string text;
  for (const auto& [seconds, key] : order) {
    const std::string item = std::string(key) + ":" + std::to_string(seconds);
    if (text.size() + 1 + item.size() > most_bytes) break;
    text += (text.empty() ? "" : ",") + item;
  }
  return text;
}

LastAsked read_last_asked(std::string_view text) {
  LastAsked marks;
  for (const std::string_view item : split(text.substr(0, most_bytes), ',')) {
    if (item.size() <= key_size + 1 || item[key_size] != ':') continue;
    std::int64_t seconds = 0;
    const char* const end = item.data() + item.size();
    const auto [stopped, problem] = std::from_chars(item.data() + key_size + 1, end, seconds);
    constexpr std::int64_t latest = 1LL << 40;
    if (problem == std::errc{} && stopped == end && seconds > 0 && seconds < latest)
      marks.emplace(item.substr(0, key_size), seconds);
  }
  return marks;
}

Task<> PollMarks::load(std::shared_ptr<PollMarks> self) {
  const Result<kube::ConfigMap> stored =
      co_await read_patiently(self->client_, self->name_space_, std::string(config_map));
  if (!stored) {
    if (stored.error().code != Code::not_found)
      telemetry::warn("app", "when registries were asked last is not known", {{"error", stored.error().message}});
    co_return;
  }
  const auto found = stored->data.find(data_key);
  if (found == stored->data.end()) co_return;
  self->saved_ = found->second;
  auto marks = std::make_shared<const LastAsked>(read_last_asked(found->second));
  const std::int64_t now_unix_ms = self->clock_.unix_ms(), now_mono_ms = self->clock_.mono_ms();
  self->polling_.remember([marks, now_unix_ms, now_mono_ms](Symbol repository) -> std::optional<std::int64_t> {
    const auto mark = marks->find(asked_key(repository.str()));
    if (mark == marks->end()) return std::nullopt;
    // One from the future, by a clock that was set since, counts as now.
    return now_mono_ms - std::max<std::int64_t>(now_unix_ms - mark->second * 1000, 0);
  });
}

Task<> PollMarks::run(std::shared_ptr<PollMarks> self) {
  for (;;) {
    for (std::int64_t waited = 0; waited < interval.count() && !self->stopped_; waited += 500)
      co_await sleep_for(std::chrono::milliseconds(500));
    if (self->stopped_) co_return;
    co_await self->save();
  }
}

LastAsked PollMarks::now() const {
  LastAsked marks;
  const std::int64_t offset = clock_.unix_ms() - clock_.mono_ms();
  for (const auto& [repository, mono_ms] : polling_.timetable().last_asked())
    marks[asked_key(repository.str())] = (mono_ms + offset) / 1000;
  return marks;
}

// Only our own key is touched: the others of the ConfigMap have owners of their own.
Task<> PollMarks::save() {
  const std::string text = write_last_asked(now());
  if (text.empty() || text == saved_) co_return;
  kube::DataChanges changes;
  changes[data_key] = text;
  const Result<kube::ConfigMap> written =
      co_await kube::keep_in_config_map(client_, name_space_, std::string(config_map), std::move(changes));
  if (!written) {
    telemetry::warn("app", "when registries were asked last is not written", {{"error", written.error().message}});
    co_return;
  }
  saved_ = text;
}

Task<> PollMarks::stop() {
  stopped_ = true;
  co_await save();
}

}  // namespace headwind::app
