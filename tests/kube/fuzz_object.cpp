// SPDX-License-Identifier: Apache-2.0
// Bytes of an API server: as an object, a line of a watch, and a page of a list.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "kube/decode.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static headwind::kube::Decoder all(false);
  static headwind::kube::Decoder annotated(true);
  headwind::kube::Object object;
  if (headwind::kube::read_object(text, object) && object.json != text) std::abort();
  headwind::kube::WatchEvent event;
  // What is kept of an event's object is itself an object.
  if (all.event(text, event) && event.type != headwind::kube::WatchEvent::Type::error &&
      !headwind::kube::read_object(event.object.json, object))
    std::abort();
  static_cast<void>(annotated.event(text, event));
  headwind::kube::Page page;
  static_cast<void>(all.page(std::string(text), page));
  static_cast<void>(annotated.page(std::string(text), page));
  return 0;
}
