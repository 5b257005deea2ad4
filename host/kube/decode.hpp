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

// The continue token of a list that is not decoded yet, so that the next page can be asked for meanwhile. Empty where
// there is none, or where the list is not written as API servers do.
std::string foreseen_token(std::string_view list);

class Decoder {
 public:
  // With `only_annotated` the objects without a headwind.sh/ annotation come without `json`, and are left out of pages.
  // With `drop_managed_fields` the objects' `json` lacks them, where they stand as API servers write them: of a
  // small object they are the half.
  explicit Decoder(bool only_annotated, bool drop_managed_fields = false);
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
