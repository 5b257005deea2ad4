// SPDX-License-Identifier: Apache-2.0
#include "core/symbol.hpp"

#include <functional>
#include <mutex>
#include <unordered_set>

namespace headwind {
namespace {

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

struct Pool {
  std::mutex mutex;
  std::unordered_set<std::string, Hash, std::equal_to<>> texts;  // its elements do not move
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
