// SPDX-License-Identifier: Apache-2.0
#include "api/event_routes.hpp"

#include <memory>
#include <utility>

#include "api/order.hpp"
#include "api/response.hpp"

namespace headwind::api {
namespace {

using Moment = std::chrono::steady_clock::time_point;

// One client's stream. It keeps the caller's token for as long as the client is there: whether the caller still may
// listen is asked again and again.
class EventStream {
 public:
  EventStream(std::shared_ptr<RequestEvents> events, std::shared_ptr<RequestEvents::Listener> listener, Gate& gate,
              net::Headers headers, std::string name_space)
      : events_(std::move(events)),
        listener_(std::move(listener)),
        gate_(gate),
        headers_(std::move(headers)),
        name_space_(std::move(name_space)) {}

  Task<std::string> next() {
    if (!began_) co_return begin();
    std::string text = co_await listener_->next();
    const bool may_listen = co_await still_may_listen();
    if (!may_listen) text.clear();  // the end
    co_return text;
  }

 private:
  // What was missed between two connections is nowhere: whoever comes back lists again.
  std::string begin() {
    began_ = true;
    const bool again = !net::find_header(headers_, "Last-Event-ID").empty();
    return again ? "retry: 3000\nevent: resync\ndata: {}\n\n" : "retry: 3000\n: listening\n\n";
  }

  Task<bool> still_may_listen() {
    const Moment now = std::chrono::steady_clock::now();
    if (gate_.open() || now - checked_ < events_->limits().recheck) co_return true;
    const Admission admission = co_await gate_.admit(headers_, {"list", name_space_, ""});
    if (admission.refusal && admission.refusal->status == 503) co_return true;  // not known now: asked again
    checked_ = now;
    co_return !admission.refusal;
  }

  std::shared_ptr<RequestEvents> events_;  // outlives its listener
  std::shared_ptr<RequestEvents::Listener> listener_;
  Gate& gate_;
  net::Headers headers_;
  std::string name_space_;
  Moment checked_ = std::chrono::steady_clock::now();
  bool began_ = false;
};

net::ServerResponse stream_response(std::shared_ptr<EventStream> stream) {
  net::ServerResponse response = typed_response(200, "text/event-stream", {});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"X-Accel-Buffering", "no"});  // nginx would keep events back
  response.next_piece = [stream = std::move(stream)] { return stream->next(); };
  return response;
}

Task<net::ServerResponse> events(std::shared_ptr<RequestEvents> events, const update::Engine& engine, Gate& gate,
                                 Call call) {
  const std::string name_space = call.asked("namespace");
  Admission admission = co_await gate.admit(call.request.headers, {"list", name_space, ""});
  if (admission.refusal) co_return std::move(*admission.refusal);
  if (!engine.ready()) co_return still_starting();
  auto listener = events->listen(name_space);
  if (!listener) {
    net::ServerResponse full = problem(503, "As many listen to events as may; try again later.");
    set_retry_after(full, {}, std::chrono::seconds(15));
    co_return full;
  }
  co_return stream_response(std::make_shared<EventStream>(std::move(events), std::move(listener), gate,
                                                          std::move(call.request.headers), name_space));
}

}  // namespace

void add_event_routes(Router& router, update::Engine& engine, Gate& gate, const EventLimits& limits) {
  const auto shared = std::make_shared<RequestEvents>(engine, limits);
  router.add("GET", "/api/v1/events",
             [shared, &engine, &gate](Call call) { return events(shared, engine, gate, std::move(call)); },
             {"namespace"});
}

}  // namespace headwind::api
