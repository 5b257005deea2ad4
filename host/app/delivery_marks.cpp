// SPDX-License-Identifier: Apache-2.0
#include "app/delivery_marks.hpp"

#include <charconv>
#include <utility>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "kube/config_map.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

constexpr std::string_view config_map = "headwind-state";
constexpr std::chrono::milliseconds interval{10'000}, overtaking{60'000};

// ConfigMap keys take fewer characters than instance names do.
std::string place_of(const std::string& notifier) { return sha256_hex(notifier).substr(0, 16); }
std::string mark_key(const std::string& notifier) { return "delivered-" + place_of(notifier); }
std::string beyond_key(const std::string& notifier) { return "beyond-" + place_of(notifier); }
bool is_ours(std::string_view key) { return key.starts_with("delivered-") || key.starts_with("beyond-"); }

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<std::string> ids_in(const std::string& text) {
  std::vector<std::string> ids;
  for (const std::string_view id : split(text, ' '))
    if (!id.empty()) ids.emplace_back(id);
  return ids;
}

}  // namespace

Task<> DeliveryMarks::run(std::shared_ptr<DeliveryMarks> self) {
  while (!self->stopped_ && !self->engine_.ready()) co_await sleep_for(std::chrono::milliseconds(100));
  if (self->stopped_) co_return;
  co_await self->replay();
  for (;;) {
    for (std::int64_t waited = 0; waited < interval.count() && !self->stopped_; waited += 500)
      co_await sleep_for(std::chrono::milliseconds(500));
    if (self->stopped_) co_return;
    co_await self->save();
  }
}

Task<> DeliveryMarks::replay() {
  // Taking trouble for "never told anything" would lose what happened meanwhile.
  Result<kube::ConfigMap> stored = co_await kube::read_config_map(client_, name_space_, std::string(config_map));
  while (!stored && stored.error().retryable && !stopped_) {
    co_await sleep_for(std::chrono::seconds(2));
    stored = co_await kube::read_config_map(client_, name_space_, std::string(config_map));
  }
  if (stopped_) co_return;
  if (stored) stored_ = stored->data;
  find_strays();
  for (const std::string& name : notifiers_.names()) tell_missed(name);
  replayed_ = true;
}

void DeliveryMarks::find_strays() {
  std::set<std::string> ours;
  for (const std::vector<std::string>& names : {configured_, notifiers_.names()})
    for (const std::string& name : names) ours.insert({mark_key(name), beyond_key(name)});
  for (const auto& [key, value] : stored_)
    if (is_ours(key) && !ours.contains(key)) strays_.insert(key);
  if (!strays_.empty())
    telemetry::info("app", "delivery marks of notifiers that are no more are deleted", {{"keys", strays_.size()}});
}

void DeliveryMarks::tell_missed(const std::string& name) {
  const bool forgotten = gone_.erase(name) != 0;
  const auto found = stored_.find(mark_key(name));
  // A notifier that was never told anything hears of the future only.
  if (forgotten || found == stored_.end() || strays_.contains(found->first)) {
    notifiers_.start_from(name, clock_.unix_ms(), {});
    return;
  }
  const std::int64_t mark = marks_[name] = number(found->second);
  const auto beyond = stored_.find(beyond_key(name));
  notifiers_.start_from(name, mark, beyond == stored_.end() ? std::vector<std::string>() : ids_in(beyond->second));
  const auto missed = engine_.happened_since(mark);
  for (const update::Notification& notification : missed) notifiers_.tell_one(name, notification);
  if (!missed.empty())
    telemetry::info("app", "telling what happened meanwhile", {{"notifier", name}, {"events", missed.size()}});
}

void DeliveryMarks::came(const std::string& notifier) {
  if (replayed_) tell_missed(notifier);
}

void DeliveryMarks::left(const std::string& notifier) {
  marks_.erase(notifier);
  gone_.insert(notifier);
}

Task<> DeliveryMarks::save() {
  kube::DataChanges changes;
  auto marks = notifiers_.marks();
  // An event bears the time at which its patch was made, and patches overtake each other: until the end, what lies less
  // than this behind the newest may not have been told yet.
  if (!stopped_)
    for (auto& [name, mark] : marks) mark = std::max(marks_[name], mark - overtaking.count());
  TextMap wanted = stored_;
  const std::set<std::string> gone = gone_;  // another may leave meanwhile
  const auto strays = strays_;
  for (const std::string& key : strays) wanted.erase(key);
  for (const std::string& name : gone) wanted.erase(mark_key(name)), wanted.erase(beyond_key(name));
  for (const auto& [name, mark] : marks) {
    wanted[mark_key(name)] = std::to_string(mark);
    wanted[beyond_key(name)] = join(notifiers_.settled_ids(name), " ");
  }
  for (const auto& [key, value] : wanted)
    if (const auto stored = stored_.find(key); stored == stored_.end() ? !value.empty() : stored->second != value)
      changes[key] = value;
  for (const auto& [key, value] : stored_)
    if (!wanted.contains(key)) changes[key] = std::nullopt;
  if (changes.empty()) co_return;
  const Result<kube::ConfigMap> written =
      co_await kube::keep_in_config_map(client_, name_space_, std::string(config_map), std::move(changes));
  if (!written) {
    telemetry::warn("app", "delivery marks not written; after a restart notifications may repeat",
                    {{"error", written.error().message}});
    co_return;
  }
  for (const auto& [name, mark] : marks) marks_[name] = mark;
  for (const std::string& name : gone) gone_.erase(name);
  for (const std::string& key : strays) strays_.erase(key);
  stored_ = std::move(wanted);
}

Task<> DeliveryMarks::stop() {
  stopped_ = true;
  if (replayed_) co_await save();
}

}  // namespace headwind::app
