// SPDX-License-Identifier: Apache-2.0
// Any text: a reference that is taken keeps the user's spelling and is read the same when it is written again.
#include <cstdint>
#include <cstdlib>

#include "core/image_reference.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto image = headwind::parse_image_reference(text);
  if (!image) return 0;
  std::string again = image->name;
  if (!image->tag.empty()) again += ":" + image->tag;
  if (!image->digest.empty()) again += "@" + image->digest;
  if (again != text) std::abort();
  const auto canonical = headwind::parse_image_reference(image->repository() + ":1");
  if (!canonical || canonical->repository() != image->repository()) std::abort();
  return 0;
}
