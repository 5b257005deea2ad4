// SPDX-License-Identifier: Apache-2.0
// Whether a file is another one than the last time. A ConfigMap's mount changes by a link that is swapped.
#pragma once
#include <sys/stat.h>

#include <chrono>
#include <string>
#include <tuple>
#include <utility>

namespace headwind::python {

class SourceFile {
 public:
  explicit SourceFile(std::string path) : path_(std::move(path)) {}
  const std::string& path() const { return path_; }

  // True the first time, and then when it has changed. Looks at most once a second. A file that is gone has not
  // changed: during a swap there may be none for a moment.
  bool changed() {
    const auto now = std::chrono::steady_clock::now();
    if (looked_ && now - last_look_ < std::chrono::seconds(1)) return false;
    const bool first = !looked_;
    looked_ = true;
    last_look_ = now;
    struct stat found{};
    if (::stat(path_.c_str(), &found) != 0) return first;
    const Mark mark{found.st_dev, found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
    if (!first && mark == mark_) return false;
    mark_ = mark;
    return true;
  }
  // The next changed() is as the first.
  void look_again() { looked_ = false; }

 private:
  using Mark = std::tuple<dev_t, ino_t, off_t, time_t, long>;
  const std::string path_;
  Mark mark_{};
  bool looked_ = false;
  std::chrono::steady_clock::time_point last_look_;
};

}  // namespace headwind::python
