// SPDX-License-Identifier: Apache-2.0
#include "core/aside.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace headwind {
namespace asio = boost::asio;

struct Aside::Impl {
  asio::thread_pool thread{1};
  bool joined = false;
  static Task<> call(std::function<void()> work) {
    const auto whole = [&work]() noexcept { work(); };
    whole();
    co_return;
  }
};

Aside::Aside() : impl_(std::make_unique<Impl>()) {}
Aside::~Aside() { join(); }

void Aside::join() {
  impl_->joined = true;
  impl_->thread.join();
}

Task<> Aside::perform(std::function<void()> work) {
  if (impl_->joined) {
    work();
    co_return;
  }
  // Nobody who cancels the caller may free what the work is looking at.
  co_await asio::co_spawn(impl_->thread.get_executor(), Impl::call(std::move(work)),
                          asio::bind_cancellation_slot(asio::cancellation_slot{}, asio::use_awaitable));
}

}  // namespace headwind
