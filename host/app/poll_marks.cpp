// SPDX-License-Identifier: Apache-2.0
#include "app/poll_marks.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
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

std::string mark_key(std::string_view repository) { return sha256_hex(repository).substr(0, key_size); }

std::string write_marks(const Marks& marks) {
  std::vector<std::pair<std::int64_t, std::string_view>> order;
  for (const auto& [key, mark] : marks) order.emplace_back(mark.asked, key);
  std::sort(order.rbegin(), order.rend());
  std::string text;
  for (const auto& [seconds, name] : order) {
    const std::string key(name);
    const std::size_t believed = marks.at(key).believed;
    std::string item = key + ":" + std::to_string(seconds);
    if (believed != 0) item += ":" + std::to_string(believed);
    if (text.size() + 1 + item.size() > most_bytes) break;
    text += (text.empty() ? "" : ",") + item;
  }
  return text;
}

Marks read_marks(std::string_view text) {
  const auto number = [](std::string_view digits, auto most) {
    std::optional<std::int64_t> value(0);
    const char* const begin = digits.data();
    const char* const end = begin + digits.size();
    const auto [stopped, problem] = std::from_chars(begin, end, *value);
    return problem == std::errc{} && stopped == end && *value > 0 && *value < most ? value : std::nullopt;
  };
  Marks marks;
  for (const std::string_view item : split(text.substr(0, most_bytes), ',')) {
    const auto parts = split(item, ':');
    if (parts.size() < 2 || parts.size() > 3 || parts[0].size() != key_size) continue;
    const auto seconds = number(parts[1], 1LL << 40);
    const auto believed = parts.size() == 3 ? number(parts[2], 1LL << 24) : std::optional<std::int64_t>(0);
    if (seconds && believed) marks.emplace(parts[0], Mark{*seconds, static_cast<std::size_t>(*believed)});
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
  auto marks = std::make_shared<const Marks>(read_marks(found->second));
  const std::int64_t now_unix_ms = self->clock_.unix_ms(), now_mono_ms = self->clock_.mono_ms();
  const auto asked = [marks, now_unix_ms, now_mono_ms](Symbol repository) -> std::optional<std::int64_t> {
    const auto mark = marks->find(mark_key(repository.str()));
    if (mark == marks->end()) return std::nullopt;
    // One from the future, by a clock that was set since, counts as now.
    return now_mono_ms - std::max<std::int64_t>(now_unix_ms - mark->second.asked * 1000, 0);
  };
  self->polling_.remember(asked, [marks](Symbol repository) {
    const auto mark = marks->find(mark_key(repository.str()));
    return mark == marks->end() ? 0 : mark->second.believed;
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

Marks PollMarks::now() const {
  Marks marks;
  const std::int64_t offset = clock_.unix_ms() - clock_.mono_ms();
  for (const auto& [repository, mono_ms] : polling_.timetable().last_asked())
    marks[mark_key(repository.str())] = {(mono_ms + offset) / 1000, polling_.believed(repository)};
  return marks;
}

// Only our own key is touched: the others of the ConfigMap have owners of their own.
Task<> PollMarks::save() {
  const std::string text = write_marks(now());
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
