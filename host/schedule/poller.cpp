// SPDX-License-Identifier: Apache-2.0
#include "schedule/poller.hpp"

#include <utility>

namespace headwind::schedule {

Poller::Poller(Executor executor, const Clock& clock, Ask ask, PollerOptions options)
    : executor_(executor),
      clock_(clock),
      ask_(std::move(ask)),
      options_(options),
      gate_(options.per_host),
      timer_(executor) {}

Poller::~Poller() { *alive_ = false; }

void Poller::want(const Timetable::User& user, const std::set<Stream>& streams, std::chrono::milliseconds interval) {
  timetable_.want(user, streams, interval, open_ ? options_.settled : interval, clock_.mono_ms());
  arm();
}

void Poller::drop(const Timetable::User& user) { timetable_.drop(user); }

void Poller::open() {
  timetable_.spread(clock_.mono_ms());
  open_ = true;
  arm();
}

void Poller::close() {
  open_ = false;
  timer_.cancel();
  waiting_.clear();
}

// Starts what is due, then sleeps until the next is.
void Poller::pump() {
  const std::int64_t now = clock_.mono_ms();
  while (open_) {
    const std::optional<Stream> due = timetable_.take(now);
    if (!due) break;
    if (gate_.is_full(due->host()))
      waiting_[std::string(due->host())].push_back(*due);
    else
      start(*due);
  }
  arm();
}

void Poller::arm() {
  const std::optional<std::int64_t> due = timetable_.next_due();
  if (!open_ || !due) return;
  timer_.expires_after(std::chrono::milliseconds(std::max<std::int64_t>(0, *due - clock_.mono_ms())));
  timer_.async_wait([this, alive = alive_](const boost::system::error_code& cancelled) {
    if (!cancelled && *alive) pump();
  });
}

void Poller::start(const Stream& stream) {
  std::vector<Timetable::User> users = timetable_.serve(stream, clock_.mono_ms());
  if (users.empty()) {  // none of them is due yet: the stream is, for one that went away
    timetable_.asked(stream, clock_.mono_ms());
    return;
  }
  gate_.begin(stream.host());
  ++asking_;
  spawn(executor_, "poll", ask(alive_, this, stream, std::move(users)));
}

// Those that wait for a place at `host`, as far as there are places.
void Poller::admit(std::string_view host) {
  for (auto waiting = waiting_.find(host); waiting != waiting_.end() && !gate_.is_full(host);) {
    const Stream next = waiting->second.front();
    waiting->second.pop_front();
    if (waiting->second.empty()) {
      waiting_.erase(waiting);
      waiting = waiting_.end();
    }
    start(next);
  }
}

Task<> Poller::ask(std::shared_ptr<bool> alive, Poller* self, Stream stream, std::vector<Timetable::User> users) {
  const Answer answer = co_await self->ask_(stream, std::move(users));
  if (!*alive) co_return;
  --self->asking_;
  const std::int64_t now = self->clock_.mono_ms();
  self->gate_.end(stream.host());
  if (answer.unserved.empty())
    self->timetable_.asked(stream, now);
  else
    self->timetable_.failed(stream, answer.unserved, now, self->options_.unserved,
                            answer.outcome ? std::chrono::milliseconds(0) : answer.outcome.error().retry_after);
  self->admit(stream.host());
  self->pump();
}

}  // namespace headwind::schedule
