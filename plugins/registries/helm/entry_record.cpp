// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/entry_record.hpp"

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

namespace headwind::registries::helm {
namespace {

constexpr std::size_t longest = 1024 * 1024;

// The events back into a value. They are balanced, and not nested deeper than the index may be.
class Replay {
 public:
  explicit Replay(std::string_view events) : rest_(events) {}

  nlohmann::json value() {
    const char what = take();
    if (what == 's') return text();
    nlohmann::json out;
    if (what == '{') {
      out = nlohmann::json::object();
      while (!at_end()) {
        take();  // a key is a scalar
        const std::string key = text();
        out[key] = value();
      }
    } else if (what == '[') {
      out = nlohmann::json::array();
      while (!at_end()) out.push_back(value());
    }
    return out;
  }

 private:
  char take() {
    const char what = rest_.front();
    rest_.remove_prefix(1);
    return what;
  }
  bool at_end() {
    if (rest_.front() != ']') return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string text() {
    std::uint32_t size = 0;
    std::memcpy(&size, rest_.data(), sizeof size);
    const std::string out(rest_.substr(sizeof size, size));
    rest_.remove_prefix(sizeof size + size);
    return out;
  }

  std::string_view rest_;
};

}  // namespace

void EntryRecord::clear() {
  events_.clear();
  too_long_ = false;
}

void EntryRecord::scalar(std::string_view text) {
  if (text.size() > longest) too_long_ = true;
  put('s');
  if (too_long_) return;
  const auto size = static_cast<std::uint32_t>(text.size());
  events_.append(reinterpret_cast<const char*>(&size), sizeof size);
  events_ += text;
}

void EntryRecord::put(char what) {
  too_long_ = too_long_ || events_.size() > longest;
  if (!too_long_) events_ += what;
}

std::optional<std::string> EntryRecord::canonical() const {
  if (too_long_ || events_.empty()) return std::nullopt;
  return Replay(events_).value().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace headwind::registries::helm
