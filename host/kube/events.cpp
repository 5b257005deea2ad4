// SPDX-License-Identifier: Apache-2.0
#include "kube/events.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <deque>
#include <list>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/clock.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "kube/paths.hpp"
#include "telemetry/log.hpp"

namespace headwind::kube {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kLongestMessage = 1024;  // what the server takes
constexpr std::size_t kLongestReason = 128;
constexpr std::chrono::milliseconds kPoll{10};

// Events carry whole seconds.
std::string event_time(std::int64_t unix_ms) { return format_rfc3339(unix_ms).substr(0, 19) + "Z"; }

}  // namespace

struct EventWriter::Impl {
  Impl(Executor e, std::shared_ptr<Client> c, telemetry::Metrics& m, EventOptions o)
      : executor(std::move(e)),
        client(std::move(c)),
        options(std::move(o)),
        tokens(options.burst),
        written(counter(m, "written")),
        dropped(counter(m, "dropped")),
        failed(counter(m, "failed")) {}

  static telemetry::Counter counter(telemetry::Metrics& metrics, const char* result) {
    return metrics.counter("headwind_kube_events_total", "Kubernetes Events by what became of them.",
                           {{"result", result}});
  }

  struct Waiting {
    std::string key;
    Involved about;
    bool warning = false;
    std::string reason, message;
    std::int64_t first_ms = 0, last_ms = 0;
    std::int64_t count = 1;
  };
  struct Written {
    std::string name_space, name;
    std::int64_t count = 0, first_ms = 0;
    std::list<std::string>::iterator age;  // in `ages`
  };

  Executor executor;
  std::shared_ptr<Client> client;
  EventOptions options;
  double tokens;
  std::int64_t refilled_ms = 0;
  bool stopped = false;
  bool working = false;
  std::deque<Waiting> waiting;
  std::map<std::string, Written> known;
  std::list<std::string> ages;  // keys of `known`, the longest unused first
  telemetry::Counter written, dropped, failed;

  void take(Waiting event);
  std::chrono::milliseconds until_allowed();
  void remember(const Waiting& event, const std::string& name, std::int64_t count, std::int64_t first_ms);
  void forget(const std::string& key);
  std::string body_of(const Waiting& event) const;
  static Task<> work(std::shared_ptr<Impl> self);
  static Task<Result<>> write(std::shared_ptr<Impl> self, Waiting event);
};

void EventWriter::Impl::take(Waiting event) {
  if (stopped) return;
  const auto same = std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& w) { return w.key == event.key; });
  if (same != waiting.end()) {
    ++same->count;
    same->last_ms = event.last_ms;
    return;
  }
  if (waiting.size() >= options.most_waiting) {
    dropped.add();
    return;
  }
  waiting.push_back(std::move(event));
}

// Takes a token where there is one; else how long until there is.
std::chrono::milliseconds EventWriter::Impl::until_allowed() {
  const std::int64_t now = system_clock().mono_ms();
  if (refilled_ms != 0)
    tokens = std::min(options.burst, tokens + static_cast<double>(now - refilled_ms) * options.per_second / 1000);
  refilled_ms = now;
  if (tokens >= 1) {
    tokens -= 1;
    return {};
  }
  return std::chrono::milliseconds(1 + static_cast<std::int64_t>((1 - tokens) * 1000 / options.per_second));
}

void EventWriter::Impl::forget(const std::string& key) {
  const auto found = known.find(key);
  if (found == known.end()) return;
  ages.erase(found->second.age);
  known.erase(found);
}

void EventWriter::Impl::remember(const Waiting& event, const std::string& name, std::int64_t count,
                                 std::int64_t first_ms) {
  forget(event.key);
  if (known.size() >= options.most_remembered) {
    known.erase(ages.front());
    ages.pop_front();
  }
  ages.push_back(event.key);
  known[event.key] = {event.about.name_space, name, count, first_ms, std::prev(ages.end())};
}

std::string EventWriter::Impl::body_of(const Waiting& event) const {
  const std::string name_space = event.about.name_space.empty() ? "default" : event.about.name_space;
  Json json{{"apiVersion", "v1"},
            {"kind", "Event"},
            {"metadata", {{"generateName", event.about.name.substr(0, 200) + "."}, {"namespace", name_space}}},
            {"involvedObject",
             {{"apiVersion", event.about.api_version},
              {"kind", event.about.kind},
              {"namespace", event.about.name_space},
              {"name", event.about.name},
              {"uid", event.about.uid}}},
            {"type", event.warning ? "Warning" : "Normal"},
            {"reason", event.reason},
            {"message", event.message},
            {"source", {{"component", options.component}}},
            {"reportingComponent", options.component},
            {"reportingInstance", options.instance},
            {"firstTimestamp", event_time(event.first_ms)},
            {"lastTimestamp", event_time(event.last_ms)},
            {"count", event.count}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Task<Result<>> EventWriter::Impl::write(std::shared_ptr<Impl> self, Waiting event) {
  const std::string name_space = event.about.name_space.empty() ? "default" : event.about.name_space;
  const auto known = self->known.find(event.key);
  if (known != self->known.end() && event.last_ms - known->second.first_ms < self->options.aggregate_for.count()) {
    const Written before = known->second;
    const std::int64_t count = before.count + event.count;
    const Json patch{{"count", count}, {"lastTimestamp", event_time(event.last_ms)}};
    const auto patched =
        co_await self->client->merge_patch(object_path(kEvents, name_space, before.name), patch.dump());
    if (patched) {
      self->remember(event, before.name, count, before.first_ms);
      co_return Result<>();
    }
    self->forget(event.key);
    if (patched.error().code != Code::not_found) co_return patched.error();
    // The server keeps Events for an hour: this one is gone, so a new one is written.
  }
  const auto created = co_await self->client->create(collection_path(kEvents, name_space), self->body_of(event));
  if (!created) co_return created.error();
  const Json json = Json::parse(*created, nullptr, false);
  if (json.is_object() && json.contains("metadata") && json["metadata"].is_object())
    if (const std::string name = json["metadata"].value("name", ""); !name.empty())
      self->remember(event, name, event.count, event.first_ms);
  co_return Result<>();
}

Task<> EventWriter::Impl::work(std::shared_ptr<Impl> self) {
  while (!self->waiting.empty() && !self->stopped) {
    const auto wait = self->until_allowed();
    if (wait.count() > 0) {
      co_await sleep_for(wait);
      continue;
    }
    Waiting event = std::move(self->waiting.front());
    self->waiting.pop_front();
    const std::string about = event.about.kind + " " + event.about.name_space + "/" + event.about.name;
    const auto result = co_await write(self, std::move(event));
    (result ? self->written : self->failed).add();
    if (!result)
      telemetry::debug("kube", "an Event could not be written", {{"object", about}, {"error", result.error().message}});
  }
  self->working = false;
}

EventWriter::EventWriter(Executor executor, std::shared_ptr<Client> client, telemetry::Metrics& metrics,
                         EventOptions options)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(client), metrics, std::move(options))) {}

EventWriter::~EventWriter() {
  boost::asio::post(impl_->executor, [impl = impl_] {
    impl->stopped = true;
    impl->waiting.clear();
  });
}

void EventWriter::record(Involved about, bool warning, std::string_view reason, std::string_view message) {
  Impl::Waiting event;
  event.warning = warning;
  event.reason = printable(reason, kLongestReason);
  event.message = printable(message, kLongestMessage);
  event.first_ms = event.last_ms = system_clock().unix_ms();
  event.key = sha256_hex(about.uid + '\0' + about.kind + '\0' + about.name_space + '\0' + about.name + '\0' +
                         (warning ? "W" : "N") + event.reason + '\0' + event.message);
  event.about = std::move(about);
  boost::asio::post(impl_->executor, [impl = impl_, event = std::move(event)]() mutable {
    impl->take(std::move(event));
    if (impl->working || impl->waiting.empty()) return;
    impl->working = true;
    spawn(impl->executor, "kube events", Impl::work(impl));
  });
}

Task<> EventWriter::flush(std::chrono::milliseconds limit) {
  const std::shared_ptr<Impl> impl = impl_;
  const auto deadline = std::chrono::steady_clock::now() + limit;
  // What was recorded before this call is posted but perhaps not taken yet.
  co_await sleep_for(std::chrono::milliseconds(0));
  while ((impl->working || !impl->waiting.empty()) && std::chrono::steady_clock::now() < deadline)
    co_await sleep_for(kPoll);
}

}  // namespace headwind::kube
