// SPDX-License-Identifier: Apache-2.0
// Lists and watch events, read with simdjson to the few fields that are kept. No tree is built.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kube/object.hpp"

namespace headwind::kube {

struct Page {
  std::string resource_version, continue_token;
  std::vector<Object> items;
};

struct WatchEvent {
  enum class Type : std::uint8_t { added, modified, deleted, bookmark, error };
  Type type = Type::error;
  Object object;  // of an error: empty
  // Of an error: the Status' code and message.
  std::int64_t code = 0;
  std::string message;
};

class Decoder {
 public:
  // With `only_annotated` the objects without a headwind.sh/ annotation come without `json`, and are left out of pages.
  explicit Decoder(bool only_annotated);
  ~Decoder();
  // A whole list. False where it is not one. The buffers it needs are given back, they are many times an event's.
  bool page(std::string body, Page& out) const;
  // One line of a watch. False where it is not an event.
  bool event(std::string_view line, WatchEvent& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace headwind::kube
