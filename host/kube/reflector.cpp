// SPDX-License-Identifier: Apache-2.0
#include "kube/reflector.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <deque>
#include <optional>
#include <random>

#include "kube/decode.hpp"
#include "kube/paths.hpp"

namespace headwind::kube {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds kFirstBackoff{500};
constexpr milliseconds kLongestBackoff{30'000};
constexpr milliseconds kIdleMargin{10'000};       // beyond the server's own end of a watch
constexpr std::size_t kMostWaiting = 64U << 20U;  // bytes that the sink has not taken: then the watch is ended
constexpr std::size_t kSmallestPage = 10;
constexpr std::int64_t kGone = 410;

// What a coroutine throws that was cancelled while it waited. Anything else is a bug, and goes on its way.
Error cancelled(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) throw;
  }
  return make_error(Code::cancelled, "stopped");
}

// A one-shot latch on one thread.
class Latch {
 public:
  explicit Latch(const Executor& executor) : timer_(executor, asio::steady_timer::time_point::max()) {}
  void open() { timer_.cancel(); }
  Task<> wait() {
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }

 private:
  asio::steady_timer timer_;
};

}  // namespace

struct Reflector::Impl : std::enable_shared_from_this<Reflector::Impl> {
  Impl(std::shared_ptr<Client> c, std::string path, Sink& s, ReflectorOptions o)
      : client(std::move(c)),
        collection(std::move(path)),
        sink(s),
        options(std::move(o)),
        random(std::random_device()()),
        decoder(options.only_annotated, options.drop_managed_fields) {}

  std::shared_ptr<Client> client;
  std::string collection;
  Sink& sink;
  ReflectorOptions options;
  std::minstd_rand random;
  Decoder decoder;
  bool stopped = false;
  asio::cancellation_signal interrupt;  // of the one thing that run() waits for

  std::string version;  // of what the sink has been shown
  milliseconds backoff = kFirstBackoff;
  bool restarted = false;  // listed again without a pause, and nothing good has happened since

  // One watch: its events as they arrive, until the sink takes them.
  struct Change {
    bool removed = false;
    Object object;
  };
  struct Watch {
    explicit Watch(const Executor& executor) : news(executor) {}
    Latch news;
    std::deque<Change> changes;
    std::size_t bytes = 0;
    std::string version;  // of the last event received
    bool gone = false;    // 410 as an event
    std::optional<Error> failure;
    bool received = false;
    std::optional<Error> refused;  // by the sink
    std::optional<Result<>> ended;
  };

  template <class T>
  struct Pending {
    explicit Pending(const Executor& executor) : done(executor) {}
    std::optional<Result<T>> result;
    Latch done;
  };

  // `work` begins at once; stop() cancels it.
  template <class T>
  Task<std::shared_ptr<Pending<T>>> begin(Task<Result<T>> work) {
    const Executor executor = co_await asio::this_coro::executor;
    auto pending = std::make_shared<Pending<T>>(executor);
    if (stopped) {
      pending->result = make_error(Code::cancelled, "stopped");
      co_return pending;
    }
    asio::co_spawn(executor, std::move(work),
                   asio::bind_cancellation_slot(interrupt.slot(), [pending](std::exception_ptr thrown, Result<T> r) {
                     if (thrown) r = cancelled(thrown);
                     pending->result = std::move(r);
                     pending->done.open();
                   }));
    co_return pending;
  }

  template <class T>
  static Task<Result<T>> end(std::shared_ptr<Pending<T>> pending) {
    while (!pending->result) co_await pending->done.wait();
    co_return std::move(*pending->result);
  }

  // Before anything else is begun: what was begun leaves its state in the slot of the one cancellation.
  template <class T>
  Task<> give_up(std::shared_ptr<Pending<T>> pending) {
    interrupt.emit(asio::cancellation_type::terminal);
    static_cast<void>(co_await end(std::move(pending)));
  }

  // Waits for `work`, or until stop().
  template <class T>
  Task<Result<T>> interruptible(Task<Result<T>> work) {
    co_return co_await end(co_await begin(std::move(work)));
  }

  static Task<Result<>> nap(milliseconds duration) {
    co_await sleep_for(duration);
    co_return Result<>();
  }

  void recovered() {
    backoff = kFirstBackoff;
    restarted = false;
  }

  Task<> back_off() {
    const milliseconds wait(std::uniform_int_distribution<std::int64_t>(backoff.count() / 2, backoff.count())(random));
    backoff = std::min(backoff * 2, kLongestBackoff);
    static_cast<void>(co_await interruptible(nap(wait)));
  }

  enum class Next : std::uint8_t { watch, list, wait_then_watch, wait_then_list, end };
  Task<Next> list();
  Task<Next> watch();
  Task<> deliver(Watch& current);
  Task<bool> shown(Watch& current, std::vector<Object> objects);
  Next after(const Watch& ended, bool at_once);
  bool take(Watch& current, std::string_view line);
  std::string list_path(std::size_t page_size, const std::string& token) const;
  std::string watch_path(std::chrono::seconds timeout) const;
  static Task<> run(std::shared_ptr<Impl> self);
};

std::string Reflector::Impl::list_path(std::size_t page_size, const std::string& token) const {
  return with_query(collection, {{"limit", std::to_string(page_size)},
                                 {"continue", token},
                                 {"labelSelector", options.label_selector},
                                 {"fieldSelector", options.field_selector}});
}

std::string Reflector::Impl::watch_path(std::chrono::seconds timeout) const {
  return with_query(collection, {{"watch", "true"},
                                 {"allowWatchBookmarks", "true"},
                                 {"resourceVersion", version},
                                 {"timeoutSeconds", std::to_string(timeout.count())},
                                 {"labelSelector", options.label_selector},
                                 {"fieldSelector", options.field_selector}});
}

// The whole collection, page by page.
Task<Reflector::Impl::Next> Reflector::Impl::list() {
  std::size_t page_size = options.page_size;
  std::string token;
  sink.list_started();
  auto asked = co_await begin(client->get(list_path(page_size, token)));
  for (;;) {
    auto body = co_await end(asked);
    if (stopped) co_return Next::list;
    if (!body && body.error().code == Code::invalid && page_size > kSmallestPage) {
      page_size = std::max(page_size / 4, kSmallestPage);  // the answer was larger than we take
      asked = co_await begin(client->get(list_path(page_size, token)));
      continue;
    }
    // The server prepares the next page while this one is decoded and the sink reads it.
    const std::string foreseen = body ? foreseen_token(*body) : std::string();
    if (!foreseen.empty()) asked = co_await begin(client->get(list_path(page_size, foreseen)));
    Page page;
    if (body) {
      const bool is_list = co_await run_aside(options.aside, [&] { return decoder.page(std::move(*body), page); });
      if (stopped) co_return Next::list;
      if (!is_list) {
        if (!foreseen.empty()) co_await give_up(asked);
        body = make_error(Code::unavailable, "the answer to GET " + collection + " is not a list.");
      }
    }
    if (!body) {
      // A continue token lives as long as the server's history, five minutes. That is no trouble: begin again.
      if (body.error().code == Code::not_found && !token.empty() && !std::exchange(restarted, true))
        co_return Next::list;
      const bool absent = body.error().code == Code::not_found && token.empty();
      if (absent && options.ends_where_absent) co_return Next::end;
      sink.lost(body.error());
      co_return Next::wait_then_list;
    }
    token = std::move(page.continue_token);
    if (token != foreseen) {
      if (!foreseen.empty()) co_await give_up(asked);
      if (stopped) co_return Next::list;
      if (!token.empty()) asked = co_await begin(client->get(list_path(page_size, token)));
    }
    if (!page.items.empty()) {
      const Result<> taken = co_await sink.upsert(std::move(page.items));
      if (stopped) co_return Next::list;
      if (!taken) {  // what is missing must not count as gone
        co_await give_up(asked);
        sink.lost(taken.error());
        co_return Next::wait_then_list;
      }
    }
    version = std::move(page.resource_version);
    if (token.empty()) break;
  }
  sink.list_finished();
  co_return Next::watch;
}

// Decodes one line. False ends the watch.
bool Reflector::Impl::take(Watch& current, std::string_view line) {
  if (current.refused) return false;
  WatchEvent event;
  if (!decoder.event(line, event)) {
    current.failure = make_error(Code::unavailable, "a watch of " + collection + " sent what is not an event.");
    return false;
  }
  if (event.type == WatchEvent::Type::error) {
    current.gone = event.code == kGone;
    current.failure = make_error(Code::unavailable, "the watch of " + collection + " ended: " + event.message);
    return false;
  }
  current.received = true;
  current.version = event.object.resource_version;
  if (event.type == WatchEvent::Type::bookmark) return true;
  const bool dropped = options.only_annotated && event.object.annotations.empty();
  // Whether the sink ever saw an object that has no annotation now is not kept here: it is told.
  if (dropped && event.type == WatchEvent::Type::added) return true;
  current.bytes += event.object.json.size() + sizeof(Change);
  current.changes.push_back({dropped || event.type == WatchEvent::Type::deleted, std::move(event.object)});
  current.news.open();
  return current.bytes <= kMostWaiting;
}

// False where the reflector is stopped, or the sink could not take them: then the watch ends, and begins again where
// the sink was last.
Task<bool> Reflector::Impl::shown(Watch& current, std::vector<Object> objects) {
  const Result<> taken = co_await sink.upsert(std::move(objects));
  if (stopped) co_return false;
  if (taken) co_return true;
  current.refused = taken.error();
  current.changes.clear();
  current.version.clear();
  interrupt.emit(asio::cancellation_type::terminal);
  co_return false;
}

// Shows the sink what has arrived: neighbours in one call, in the server's order.
Task<> Reflector::Impl::deliver(Watch& current) {
  while (!current.changes.empty()) {
    const std::string reached = current.version;
    std::deque<Change> changes = std::move(current.changes);
    current.changes.clear();
    current.bytes = 0;
    std::vector<Object> upserts;
    for (Change& change : changes) {
      if (!change.removed) {
        upserts.push_back(std::move(change.object));
        continue;
      }
      if (!upserts.empty() && !co_await shown(current, std::exchange(upserts, {}))) co_return;
      sink.removed(change.object);
    }
    if (!upserts.empty() && !co_await shown(current, std::move(upserts))) co_return;
    version = reached;
  }
  if (!current.version.empty()) version = current.version;
}

// One watch, from `version` to its end.
Task<Reflector::Impl::Next> Reflector::Impl::watch() {
  const Executor executor = co_await asio::this_coro::executor;
  auto current = std::make_shared<Watch>(executor);
  const std::int64_t seconds = options.watch_timeout.count();
  const std::chrono::seconds timeout(
      std::max<std::int64_t>(1, std::uniform_int_distribution<std::int64_t>(seconds - seconds / 10, seconds)(random)));
  auto self = shared_from_this();
  auto on_event = [self, current](std::string_view line) { return !self->stopped && self->take(*current, line); };
  asio::co_spawn(executor, client->watch(watch_path(timeout), on_event, timeout + kIdleMargin),
                 asio::bind_cancellation_slot(interrupt.slot(), [current](std::exception_ptr thrown, Result<> result) {
                   if (thrown) result = cancelled(thrown);
                   current->ended = result;
                   current->news.open();
                 }));
  const auto begun = std::chrono::steady_clock::now();
  while (!current->ended || (!current->changes.empty() && !current->refused)) {
    co_await deliver(*current);
    if (stopped && current->ended) co_return Next::list;
    if (!current->ended && current->changes.empty()) co_await current->news.wait();
  }
  co_await deliver(*current);  // a bookmark alone
  if (stopped) co_return Next::list;
  if (current->refused) {
    sink.lost(*current->refused);
    co_return Next::wait_then_watch;
  }
  if (current->received) recovered();
  co_return after(*current, std::chrono::steady_clock::now() - begun < kFirstBackoff);
}

Reflector::Impl::Next Reflector::Impl::after(const Watch& ended, bool at_once) {
  const bool refused = !*ended.ended;
  // 410: our version is older than the server's history. 404: the kind is gone, and the list will say so.
  if (ended.gone || (refused && ended.ended->error().code == Code::not_found))
    return std::exchange(restarted, true) ? Next::wait_then_list : Next::list;
  if (ended.failure) {  // it says nothing about our version: only a list gets out of every such state
    sink.lost(*ended.failure);
    return Next::wait_then_list;
  }
  if (refused) {
    sink.lost(ended.ended->error());
    return Next::wait_then_watch;
  }
  // The usual end: on from where we are, without a list. But never in a tight circle.
  if (at_once && !ended.received) return Next::wait_then_watch;
  recovered();
  return Next::watch;
}

Task<> Reflector::Impl::run(std::shared_ptr<Impl> self) {
  Next next = Next::list;
  while (!self->stopped && next != Next::end) {
    if (next == Next::wait_then_list || next == Next::wait_then_watch) {
      co_await self->back_off();
      if (self->stopped) break;
    }
    if (next == Next::list || next == Next::wait_then_list) {
      next = co_await self->list();
    } else {
      next = co_await self->watch();
    }
  }
}

Reflector::Reflector(std::shared_ptr<Client> client, std::string collection, Sink& sink, ReflectorOptions options)
    : impl_(std::make_shared<Impl>(std::move(client), std::move(collection), sink, std::move(options))) {}
Reflector::~Reflector() { stop(); }

Task<> Reflector::run() { return Impl::run(impl_); }

void Reflector::stop() {
  impl_->stopped = true;
  impl_->interrupt.emit(asio::cancellation_type::terminal);
}

}  // namespace headwind::kube
