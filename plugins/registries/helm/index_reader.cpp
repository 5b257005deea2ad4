// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/index_reader.hpp"

#include <system_error>

#include "registries/helm/index_parser.hpp"

namespace headwind::registries::helm {

IndexReader::~IndexReader() {
  if (!parser_.joinable()) return;
  pipe_.close(false);
  parser_.join();
}

void IndexReader::run() noexcept {
  try {
    outcome_ = parse_index(pipe_);
  } catch (...) {
    thrown_ = std::current_exception();
  }
  pipe_.leave();
}

bool IndexReader::take(std::string_view piece) {
  if (!parser_.joinable() && outcome_) return false;
  try {
    if (!parser_.joinable()) parser_ = std::thread(&IndexReader::run, this);
  } catch (const std::system_error& failure) {
    outcome_ = Failure{HW_UNAVAILABLE, "cannot be read for lack of a thread (" + failure.code().message() + ")", 0};
    return false;
  }
  return pipe_.put(piece);
}

Outcome<ChartIndex> IndexReader::finish() {
  pipe_.close(true);
  if (parser_.joinable()) {
    parser_.join();
  } else if (!outcome_) {
    run();  // an empty body
  }
  if (thrown_) std::rethrow_exception(thrown_);
  return std::move(*outcome_);
}

}  // namespace headwind::registries::helm
