// SPDX-License-Identifier: Apache-2.0
#include "net/lookup.hpp"

#include <netdb.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace headwind::net {
namespace asio = boost::asio;

// Shared by the coroutine that asks and the thread that answers; outlives whichever gives up first.
struct Lookup::Question : std::enable_shared_from_this<Question> {
  std::string host;
  std::uint16_t port = 0;
  std::mutex mutex;
  std::optional<Executor> asker;  // empty once nobody waits; an executor may only be used while its context lives
  bool done = false;
  int failure = 0;
  Endpoints endpoints;
  asio::steady_timer* bell = nullptr;  // the asker's thread only

  void answer();
};

namespace {

constexpr std::size_t max_threads = 8;

// Questions of the whole process. Its threads end when there is nothing to ask; they are never joined, because a
// dead name server holds them for longer than anyone wants to wait at exit. So it must not be destroyed either.
template <class Question>
class Desk {
 public:
  static Desk& instance() {
    static Desk* const desk = new Desk;
    return *desk;
  }

  void put(std::shared_ptr<Question> question) {
    const std::lock_guard lock(mutex_);
    questions_.push_back(std::move(question));
    if (threads_ == max_threads) return;
    ++threads_;
    std::thread([this] { work(); }).detach();
  }

 private:
  void work() {
    for (;;) {
      std::shared_ptr<Question> question;
      {
        const std::lock_guard lock(mutex_);
        if (questions_.empty()) {
          --threads_;
          return;
        }
        question = std::move(questions_.front());
        questions_.pop_front();
      }
      question->answer();
    }
  }

  std::mutex mutex_;
  std::deque<std::shared_ptr<Question>> questions_;
  std::size_t threads_ = 0;
};

}  // namespace

void Lookup::Question::answer() {
  {
    const std::lock_guard lock(mutex);
    if (!asker) return;
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int result = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  Endpoints addresses;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    asio::ip::tcp::endpoint endpoint;
    if (at->ai_addrlen > endpoint.capacity()) continue;
    std::copy_n(reinterpret_cast<const char*>(at->ai_addr), at->ai_addrlen, reinterpret_cast<char*>(endpoint.data()));
    endpoint.resize(at->ai_addrlen);
    endpoint.port(port);
    addresses.push_back(endpoint);
  }
  if (found != nullptr) ::freeaddrinfo(found);

  const std::lock_guard lock(mutex);
  endpoints = std::move(addresses);
  failure = result;
  done = true;
  if (!asker) return;
  asio::post(*asker, [self = this->shared_from_this()] {
    if (self->bell != nullptr) self->bell->cancel();
  });
}

Lookup::Lookup(const Executor& executor, std::string host, std::uint16_t port)
    : answered_(executor, asio::steady_timer::time_point::max()), question_(std::make_shared<Question>()) {
  question_->host = std::move(host);
  question_->port = port;
  question_->asker = executor;
  question_->bell = &answered_;
}

Lookup::~Lookup() {
  question_->bell = nullptr;
  const std::lock_guard lock(question_->mutex);
  question_->asker.reset();
}

void Lookup::interrupt() {
  interrupted_ = true;
  answered_.cancel();
}

Task<Result<Lookup::Endpoints>> Lookup::wait() {
  boost::system::error_code not_one;
  const auto address = asio::ip::make_address(question_->host, not_one);
  if (!not_one) co_return Endpoints{{address, question_->port}};

  Desk<Question>::instance().put(question_);
  boost::system::error_code rung;
  co_await answered_.async_wait(asio::redirect_error(asio::use_awaitable, rung));

  const std::lock_guard lock(question_->mutex);
  if (interrupted_ || !question_->done)
    co_return make_error(Code::cancelled, "the name '" + question_->host + "' was not resolved in time");
  if (question_->failure != 0 || question_->endpoints.empty())
    co_return make_error(Code::unavailable,
                         "the name '" + question_->host + "' cannot be resolved (" +
                             (question_->failure != 0 ? ::gai_strerror(question_->failure) : "it has no address") +
                             "); check its spelling and the name server");
  co_return std::move(question_->endpoints);
}

}  // namespace headwind::net
