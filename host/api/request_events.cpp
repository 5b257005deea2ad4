// SPDX-License-Identifier: Apache-2.0
#include "api/request_events.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "api/request_summary.hpp"

namespace headwind::api {
namespace asio = boost::asio;

struct RequestEvents::Listener::Impl {
  std::string name_space;
  EventLimits limits;
  std::string waiting;  // text of events that were not taken yet
  std::size_t events = 0;
  bool behind = false;
  std::unique_ptr<asio::steady_timer> bell{};  // while somebody waits: cancelled to wake them
};

RequestEvents::Listener::Listener(std::string name_space, EventLimits limits)
    : impl_(std::make_unique<Impl>(Impl{std::move(name_space), limits, {}, 0, false, {}})) {}
RequestEvents::Listener::~Listener() = default;

void RequestEvents::Listener::put(const update::UpdateRequest& request, const std::string& event) {
  if (impl_->behind || (!impl_->name_space.empty() && request.key.name_space != impl_->name_space)) return;
  impl_->behind = ++impl_->events > impl_->limits.waiting || impl_->waiting.size() + event.size() > impl_->limits.bytes;
  if (impl_->behind)
    impl_->waiting = {};
  else
    impl_->waiting += event;
  if (impl_->bell) impl_->bell->cancel();
}

Task<std::string> RequestEvents::Listener::next() {
  if (impl_->waiting.empty() && !impl_->behind) {
    impl_->bell = std::make_unique<asio::steady_timer>(co_await asio::this_coro::executor, impl_->limits.heartbeat);
    boost::system::error_code woken;
    co_await impl_->bell->async_wait(asio::redirect_error(asio::use_awaitable, woken));
    impl_->bell.reset();
  }
  if (impl_->behind) co_return std::string();
  impl_->events = 0;
  std::string text = std::exchange(impl_->waiting, {});
  if (text.empty()) text = ": nothing new\n\n";
  co_return text;
}

RequestEvents::RequestEvents(update::Engine& engine, EventLimits limits) : engine_(engine), limits_(limits) {
  engine_.add_observer(*this);
}
RequestEvents::~RequestEvents() { engine_.remove_observer(*this); }

std::shared_ptr<RequestEvents::Listener> RequestEvents::listen(std::string name_space) {
  std::erase_if(listeners_, [](const auto& listener) { return listener.expired(); });
  if (listeners_.size() >= limits_.listeners) return nullptr;
  auto listener = std::make_shared<Listener>(std::move(name_space), limits_);
  listeners_.push_back(listener);
  return listener;
}

void RequestEvents::request_changed(const update::UpdateRequest& request) { put(request, "updated"); }
void RequestEvents::request_gone(const update::UpdateRequest& request) { put(request, "deleted"); }

void RequestEvents::put(const update::UpdateRequest& request, const char* what) {
  std::string event;  // the same for all, made only where somebody listens
  for (const auto& weak : listeners_) {
    const auto listener = weak.lock();
    if (!listener) continue;
    if (event.empty())
      event = std::string("event: ") + what + "\nid: " + request.resource_version + "\ndata: " + summary_json(request) +
              "\n\n";
    listener->put(request, event);
  }
}

}  // namespace headwind::api
