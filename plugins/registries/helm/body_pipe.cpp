// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/body_pipe.hpp"

#include <algorithm>

namespace headwind::registries::helm {

bool BodyPipe::put(std::string_view piece) {
  std::unique_lock lock(mutex_);
  piece_ = piece;
  changed_.notify_all();
  changed_.wait(lock, [&] { return piece_.empty() || left_; });
  piece_ = {};
  return !left_;
}

void BodyPipe::close(bool whole) {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  broken_ = broken_ || !whole;
  changed_.notify_all();
}

std::size_t BodyPipe::read(char* to, std::size_t most) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !piece_.empty() || closed_; });
  const std::size_t size = std::min(most, piece_.size());
  std::copy_n(piece_.begin(), size, to);
  piece_.remove_prefix(size);
  if (piece_.empty()) changed_.notify_all();
  return size;
}

bool BodyPipe::is_broken() const {
  const std::lock_guard lock(mutex_);
  return broken_;
}

void BodyPipe::leave() {
  const std::lock_guard lock(mutex_);
  left_ = true;
  changed_.notify_all();
}

}  // namespace headwind::registries::helm
