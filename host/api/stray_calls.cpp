// SPDX-License-Identifier: Apache-2.0
#include "api/stray_calls.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "telemetry/log.hpp"

namespace headwind::api {
namespace {

constexpr std::size_t kLongestSegment = 64, kShownSegments = 2;

bool is_nearly_one_of(std::string_view segment, const std::vector<std::string>& words) {
  return !nearest(segment, {words.begin(), words.end()}).empty();
}

telemetry::Counter counter(telemetry::Metrics& metrics, const char* code) {
  return metrics.counter("headwind_webhook_requests_total", "Webhook calls by endpoint and HTTP status code",
                         {{"endpoint", "unknown"}, {"code", code}});
}

}  // namespace

std::string path_to_log(std::string_view path, const std::vector<std::string>& words, bool secrets_in_paths) {
  std::string shown;
  for (std::size_t count = 0; !path.empty() && count < kShownSegments; ++count) {
    path.remove_prefix(path.front() == '/' ? 1 : 0);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    const bool hidden = secrets_in_paths && !segment.empty() && !is_nearly_one_of(segment, words);
    shown += "/" + (hidden ? "…" : printable(segment, kLongestSegment));
  }
  return shown + (path.empty() ? "" : "/…");
}

StrayCalls::StrayCalls(telemetry::Metrics& metrics, std::vector<std::string> endpoints, bool secrets_in_paths)
    : words_(std::move(endpoints)),
      secrets_in_paths_(secrets_in_paths),
      no_path_(counter(metrics, "404")),
      no_method_(counter(metrics, "405")) {
  words_.insert(words_.end(), {"webhook", "health"});
}

void StrayCalls::note(const net::ServerRequest& request, unsigned status) const {
  (status == 404 ? no_path_ : no_method_).add();
  telemetry::info("api",
                  status == 404 ? "a call on the webhook port names no path that there is"
                                : "a call on the webhook port has a method that its path does not take",
                  {{"method", printable(request.method, 20)},
                   {"path", path_to_log(request.path, words_, secrets_in_paths_)},
                   {"peer", request.peer}});
}

}  // namespace headwind::api
