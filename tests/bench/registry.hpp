// SPDX-License-Identifier: Apache-2.0
// A registry in the benchmark's own process, on a thread of its own: what stands for docker.io.
#pragma once
#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "fake/registry.hpp"

namespace headwind::bench {

class RegistryThread {
  template <class Question>
  auto ask(Question question) {
    std::packaged_task<decltype(question())()> task(std::move(question));
    auto answer = task.get_future();
    boost::asio::post(context_, [&task] { task(); });
    return answer.get();
  }

 public:
  RegistryThread() {
    auto started = fake::Registry::start(context_.get_executor());
    if (!started) throw std::runtime_error(started.error().message);
    registry_ = std::move(*started);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~RegistryThread() {
    context_.stop();
    thread_.join();
  }
  RegistryThread(const RegistryThread&) = delete;
  RegistryThread& operator=(const RegistryThread&) = delete;

  std::string url() const { return registry_->url(); }
  // Returns the digest of the new image.
  std::string push(const std::string& repository, const std::string& tag) {
    return ask([&] { return registry_->push(repository, tag); });
  }
  // Requests for "manifest", "tags", "blob" or "token" since they were last cleared.
  std::size_t count(const std::string& kind) {
    return ask([&] { return registry_->count(kind); });
  }
  // Lists of tags that were begun: a full page may have to be followed by another.
  std::size_t lists() {
    return ask([&] {
      const auto& all = registry_->requests();
      return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const fake::RegistryRequest& one) {
        return one.kind == "tags" && one.query.find("last=") == std::string::npos;
      }));
    });
  }
  void clear_requests() {
    ask([&] {
      registry_->clear_requests();
      return 0;
    });
  }

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{context_.get_executor()};
  std::unique_ptr<fake::Registry> registry_;
  std::thread thread_;
};

}  // namespace headwind::bench
