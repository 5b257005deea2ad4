// SPDX-License-Identifier: Apache-2.0
// Reads an index that arrives in pieces, while it arrives. The parser wants to be asked for nothing, so it has a thread
// of its own; that ends before the reader does.
#pragma once
#include <exception>
#include <optional>
#include <string_view>
#include <thread>

#include "registries/core/outcome.hpp"
#include "registries/helm/body_pipe.hpp"
#include "registries/helm/chart_index.hpp"

namespace headwind::registries::helm {

class IndexReader {
 public:
  IndexReader() = default;
  ~IndexReader();
  IndexReader(const IndexReader&) = delete;
  IndexReader& operator=(const IndexReader&) = delete;

  // The next piece of the body. False: no more is wanted, finish() says why.
  bool take(std::string_view piece);
  // Once, after the last piece.
  Outcome<ChartIndex> finish();

 private:
  void run() noexcept;

  BodyPipe pipe_;
  std::thread parser_;
  std::optional<Outcome<ChartIndex>> outcome_;
  std::exception_ptr thrown_;
};

}  // namespace headwind::registries::helm
