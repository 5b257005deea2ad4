// SPDX-License-Identifier: Apache-2.0
// headwind.notifier.webhook: posts each event's JSON to the granted secret "url", signed with the secret "secret" where
// that is granted too.
#include <headwind/sdk.hpp>

#include <algorithm>
#include <thread>

#include "notifiers/core/hook.hpp"
#include "notifiers/webhook/attempts.hpp"
#include "notifiers/webhook/signature.hpp"

namespace {

namespace notifiers = headwind::notifiers;
using std::chrono::milliseconds;

class Webhook : public hw::notifier {
 public:
  Webhook(const hw::call& call, const hw::config& config)
      : http_(call),
        secrets_(call),
        timeout_(std::chrono::seconds(config.get<int>("timeout_seconds", 10))),
        max_retries_(config.get<int>("max_retries", 3)),
        legacy_signature_(config.get<bool>("legacy_signature", false)) {
    notifiers::read_url(call, secrets_);
  }

  void send(const hw::call& call, const hw::event& event) {
    if (!nlohmann::json::accept(event.details))
      throw hw::error(hw::code::invalid, "the event has no JSON as its details");
    const auto url = notifiers::read_url(call, secrets_);
    hw::http_request request{.method = "POST", .url = url, .body = std::string(event.details)};
    request.headers.emplace_back("content-type", "application/json");
    request.max_body = 1U << 20U;  // of an answer that nobody reads
    // After a crash an event may come twice: by this the receiver knows it again.
    if (is_plain(event.id)) request.headers.emplace_back("x-headwind-event-id", event.id);
    if (const auto key = read_key(call); !key.empty())
      request.headers.emplace_back("x-headwind-signature", notifiers::signature(key, request.body, legacy_signature_));
    if (call.dry_run()) return;

    const auto last = notifiers::try_repeatedly(
        max_retries_, [&] { return attempt(call, request); }, [&](milliseconds wait) { return pause(call, wait); });
    if (last.ok()) return;
    const std::string peer = hw::url_origin(url);
    if (last.status == 0) throw hw::error(hw::code::unavailable, last.problem);
    notifiers::check_chat_answer(last.status, last.retry_after, peer);
  }

 private:
  static bool is_plain(std::string_view id) {
    return !id.empty() && id.size() <= 200 &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F; });
  }

  // Empty where none is granted.
  std::string read_key(const hw::call& call) const {
    try {
      return notifiers::trimmed(secrets_.read(call, "secret"));
    } catch (const hw::error& error) {
      if (error.code() != hw::code::not_found) throw;
      return {};
    }
  }

  notifiers::Attempt attempt(const hw::call& call, const hw::http_request& request) const {
    // The same call with less time: one silent receiver must leave some for the attempts after it.
    hw_call shorter = *call.raw();
    const auto until = call.host().steady_time() + timeout_;
    shorter.deadline_ms = std::min<std::int64_t>(shorter.deadline_ms, until.count());
    try {
      const auto answer = http_.exchange(hw::call(&shorter), request);
      return {answer.status, {}, answer.retry_after()};
    } catch (const hw::error& error) {
      if (call.cancelled() || error.code() == hw::code::invalid) throw;
      return {0, error.what(), {}};
    }
  }

  static bool pause(const hw::call& call, milliseconds wait) {
    if (call.remaining() <= wait) return false;
    const auto until = call.host().steady_time() + wait;
    while (call.host().steady_time() < until) {
      if (call.cancelled()) return false;
      std::this_thread::sleep_for(std::min(milliseconds(50), until - call.host().steady_time()));
    }
    return true;
  }

  hw::http http_;
  hw::secrets secrets_;
  milliseconds timeout_;
  int max_retries_;
  bool legacy_signature_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Webhook>{.id = "headwind.notifier.webhook",
                                    .version = "1.0.0",
                                    .summary = "Posts events as signed JSON to a URL",
                                    .schema = R"({"type": "object", "additionalProperties": false, "properties": {
  "timeout_seconds": {"type": "integer", "minimum": 1, "maximum": 300, "default": 10, "description": "of one attempt"},
  "max_retries": {"type": "integer", "minimum": 0, "maximum": 10, "default": 3},
  "legacy_signature": {"type": "boolean", "default": false,
                       "description": "sign as Headwind 0.1.x did: SHA-256 of the secret followed by the body"}}})",
                                    .needs = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS}});
