// SPDX-License-Identifier: Apache-2.0
// Registries that tell of their pushes, and try again until somebody has answered with 200.
#pragma once
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace headwind::soak {

class Sender {
 public:
  Sender() : thread_([this] { run(); }) {}
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  // `image`: with the registry's host, without a tag. Equal ones may be on their way side by side.
  void announce(const std::string& image, const std::string& tag, const std::string& digest,
                std::chrono::milliseconds delay);
  std::size_t waiting() const;
  // When the last one was sent that was answered with 200; 0: none was.
  std::int64_t told_ms(const std::string& image, const std::string& tag) const;
  std::size_t accepted() const { return accepted_; }
  std::size_t refused() const { return refused_; }  // or nobody was there
  // Those with any answer since the operator was started last.
  std::size_t answered_in_life() const { return answered_; }
  void begin_life() { answered_ = 0; }

 private:
  struct Letter {
    std::string image, tag, digest;
    std::int64_t due_ms = 0;
  };
  void run();
  void send(Letter letter);

  mutable std::mutex mutex_;
  std::vector<Letter> letters_;
  std::size_t on_the_way_ = 0;
  std::map<std::string, std::int64_t> told_;
  std::atomic<std::size_t> accepted_ = 0, refused_ = 0, answered_ = 0;
  std::atomic<bool> ended_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace headwind::soak
