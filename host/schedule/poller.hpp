// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "schedule/host_gate.hpp"
#include "schedule/timetable.hpp"

namespace headwind::schedule {

struct PollerOptions {
  std::size_t per_host = 4;                    // questions to one registry host at once
  std::chrono::milliseconds unserved{30'000};  // then those who got no answer are served; doubles up to the interval
  std::chrono::milliseconds settled{5'000};  // a stream that comes new after the start is first asked within this time
};

// Asks about each stream when it is due, for all its users together, within what its host allows. Executor thread only.
class Poller {
 public:
  struct Answer {
    Result<> outcome;                            // an error may name a time to wait
    std::vector<Timetable::User> unserved = {};  // users who want to be asked for again soon
  };
  // Asks about a stream on behalf of `users`, those that want an answer now.
  using Ask = std::function<Task<Answer>(Stream stream, std::vector<Timetable::User> users)>;

  Poller(Executor executor, const Clock& clock, Ask ask, PollerOptions options);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // See Timetable. Before open() nothing is asked, and what is wanted is spread over its interval from then on.
  void want(const Timetable::User& user, const std::set<Stream>& streams, std::chrono::milliseconds interval);
  void drop(const Timetable::User& user);
  void open();
  bool is_open() const { return open_; }
  // See Timetable; before open().
  void remember(Timetable::Memory memory) { timetable_.remember(std::move(memory)); }
  void close();  // nothing new is asked

  const Timetable& timetable() const { return timetable_; }
  std::size_t asking() const { return asking_; }

 private:
  void pump();
  void arm();
  void start(const Stream& stream);
  void admit(std::string_view host);
  static Task<> ask(std::shared_ptr<bool> alive, Poller* self, Stream stream, std::vector<Timetable::User> users);

  Executor executor_;
  const Clock& clock_;
  Ask ask_;
  PollerOptions options_;
  Timetable timetable_;
  HostGate gate_;
  std::map<std::string, std::deque<Stream>, std::less<>> waiting_;  // for a place at their host
  boost::asio::steady_timer timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::size_t asking_ = 0;
  bool open_ = false;
};

}  // namespace headwind::schedule
