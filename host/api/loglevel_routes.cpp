// SPDX-License-Identifier: Apache-2.0
#include "api/loglevel_routes.hpp"

#include <boost/asio/this_coro.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/audit.hpp"
#include "api/json_body.hpp"
#include "api/log_switch.hpp"
#include "api/response.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "telemetry/log_duration.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

struct Order {
  std::string filter;
  std::chrono::milliseconds lasting{0};
  std::optional<net::ServerResponse> refusal;
};

Order refused(const std::string& sentence) { return {{}, {}, problem(422, sentence)}; }

Order read_order(const net::ServerRequest& request) {
  Order order;
  order.refusal = problem_unless_json(request.headers, request.body);
  if (order.refusal) return order;
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object()) return refused("The body must be a JSON object.");
  for (const auto& member : body.items())
    if (member.key() != "filter" && member.key() != "duration")
      return refused("The member '" + printable(member.key(), 64) + "' is not known; there are filter and duration.");
  if (!body.contains("filter") || !body["filter"].is_string())
    return refused("filter must be a string, such as \"update=debug,info\".");
  order.filter = body["filter"];
  const json duration = body.value("duration", json());
  if (duration.is_null()) return order;
  const auto read = duration.is_string() ? telemetry::log_duration(duration.get<std::string>())
                                         : make_error(Code::invalid, "duration must be a string, such as \"15m\"");
  if (!read) return refused(read.error().message + ".");
  if (read->count() < 1 || *read > longest_log_override)
    return refused("duration must be from 1s to 24h; without it the filter stays until it is taken back.");
  order.lasting = *read;
  return order;
}

class LoglevelRoutes {
 public:
  explicit LoglevelRoutes(Gate& gate) : gate_(gate) {}

  Task<net::ServerResponse> show(Call call) const {
    Admission admission = co_await gate_.admit(call.request.headers, {"list", "", ""});
    if (admission.refusal) co_return std::move(*admission.refusal);
    co_return state();
  }

  Task<net::ServerResponse> change(Call call) const {
    Admission admission = co_await gate_.admit(call.request.headers, {"update", "", "", "loglevels"});
    audit_denied(call.request, admission, "loglevel", {});
    if (admission.refusal) co_return std::move(*admission.refusal);
    Order order = read_order(call.request);
    if (order.refusal) co_return std::move(*order.refusal);
    const Executor executor = co_await boost::asio::this_coro::executor;
    const std::string& who = admission.identity.user;
    const Result<> done = switch_->set(executor, order.filter, order.lasting, who);
    note(call.request, who, order.filter, done);
    if (!done) co_return problem(422, done.error().message + ".");
    co_return state();
  }

  Task<net::ServerResponse> take_back(Call call) const {
    Admission admission = co_await gate_.admit(call.request.headers, {"update", "", "", "loglevels"});
    audit_denied(call.request, admission, "loglevel", {});
    if (admission.refusal) co_return std::move(*admission.refusal);
    switch_->take_back(admission.identity.user);
    note(call.request, admission.identity.user, "as configured: " + switch_->state().configured, {});
    co_return state();
  }

 private:
  void note(const net::ServerRequest& request, const std::string& who, const std::string& filter,
            const Result<>& done) const {
    telemetry::AuditEntry entry = audit_of(request, "loglevel", who, !gate_.open());
    entry.reason = filter;
    if (!done) entry.done = false, entry.reason = done.error().message;
    telemetry::audit(entry, telemetry::AuditFlush::now);
  }

  net::ServerResponse state() const {
    const LogSwitch::State now = switch_->state();
    json body{{"filter", now.filter}, {"configured", now.configured}, {"overridden", now.overridden}};
    if (!now.by.empty()) body["by"] = now.by;
    if (now.until_ms > 0) body["until"] = format_rfc3339(now.until_ms);
    return json_response(200, body.dump(-1, ' ', false, json::error_handler_t::replace));
  }

  Gate& gate_;
  std::shared_ptr<LogSwitch> switch_ = std::make_shared<LogSwitch>();
};

}  // namespace

void add_loglevel_routes(Router& router, Gate& gate) {
  const auto routes = std::make_shared<const LoglevelRoutes>(gate);
  const char* const path = "/api/v1/loglevel";
  router.add("GET", path, [routes](Call call) { return routes->show(std::move(call)); });
  router.add("PUT", path, [routes](Call call) { return routes->change(std::move(call)); });
  router.add("DELETE", path, [routes](Call call) { return routes->take_back(std::move(call)); });
}

}  // namespace headwind::api
