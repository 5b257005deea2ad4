// SPDX-License-Identifier: Apache-2.0
#include "core/symbol.hpp"

#include <mutex>
#include <set>

namespace headwind {
namespace {

const std::string* intern(std::string_view text) {
  static std::mutex mutex;
  static auto* const pool = new std::set<std::string, std::less<>>;  // outlives every static Symbol
  const std::lock_guard lock(mutex);
  const auto found = pool->find(text);
  return &*(found != pool->end() ? found : pool->emplace(text).first);
}

}  // namespace

Symbol::Symbol() {
  static const std::string* const none = intern({});
  text_ = none;
}
Symbol::Symbol(std::string_view text) : text_(intern(text)) {}

}  // namespace headwind
