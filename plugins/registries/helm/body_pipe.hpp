// SPDX-License-Identifier: Apache-2.0
// From whoever hands pieces over to a parser that asks for them, on another thread. It holds no byte itself: the piece
// stays with its owner, who waits until it is read.
#pragma once
#include <condition_variable>
#include <mutex>
#include <string_view>

#include "registries/helm/index_bytes.hpp"

namespace headwind::registries::helm {

class BodyPipe : public ByteSource {
 public:
  // Waits until the piece is read. False: the reader has left.
  bool put(std::string_view piece);
  // No more comes; `whole`: since that was all.
  void close(bool whole);

  // The reader's side.
  std::size_t read(char* to, std::size_t most) override;
  bool is_broken() const override;
  void leave();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string_view piece_;
  bool closed_ = false, broken_ = false, left_ = false;
};

}  // namespace headwind::registries::helm
