// SPDX-License-Identifier: Apache-2.0
#include "core/symbol.hpp"

#include <mutex>
#include <set>

namespace headwind {
namespace {

struct Pool {
  std::mutex mutex;
  std::set<std::string, std::less<>> texts;
};

Pool& pool() {
  static auto* const only = new Pool;  // outlives every static Symbol
  return *only;
}

const std::string* intern(std::string_view text) {
  const std::lock_guard lock(pool().mutex);
  const auto found = pool().texts.find(text);
  return &*(found != pool().texts.end() ? found : pool().texts.emplace(text).first);
}

}  // namespace

Symbol::Symbol() {
  static const std::string* const none = intern({});
  text_ = none;
}
Symbol::Symbol(std::string_view text) : text_(intern(text)) {}

bool Symbol::exists(std::string_view text) {
  const std::lock_guard lock(pool().mutex);
  return pool().texts.find(text) != pool().texts.end();
}

}  // namespace headwind
