// SPDX-License-Identifier: Apache-2.0
// A thread beside the loop, for work that is pure: it sees what it is given and nothing else. A start decodes tens of
// megabytes; the loop's sockets are read meanwhile.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "core/async.hpp"

namespace headwind {

class Aside {
 public:
  Aside();
  ~Aside();  // join()
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

  // Runs `work` on the thread; the coroutine goes on where it was. One piece of work runs at a time, in the order of
  // the calls. What `work` refers to must not be touched before it has ended. An exception that leaves it is a
  // bug, and ends the program.
  template <class F>
  Task<std::invoke_result_t<F&>> run(F work) {
    std::optional<std::invoke_result_t<F&>> result;
    co_await perform([&] { result.emplace(work()); });
    co_return std::move(*result);
  }

  // Waits for what was begun and ends the thread; from then on work is done where it is asked for. Before the frames
  // that wait for work are destroyed, that is before their loop is.
  void join();

 private:
  Task<> perform(std::function<void()> work);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// `aside` where there is enough to do for a change of threads: a page of a list, not an event of a watch.
inline std::shared_ptr<Aside> aside_for(const std::shared_ptr<Aside>& aside, std::size_t objects) {
  return objects < 32 ? nullptr : aside;
}

// On `aside`, or here where there is none.
template <class F>
Task<std::invoke_result_t<F&>> run_aside(std::shared_ptr<Aside> aside, F work) {
  if (!aside) co_return work();
  co_return co_await aside->run(std::move(work));
}

}  // namespace headwind
