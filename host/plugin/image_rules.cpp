// SPDX-License-Identifier: Apache-2.0
#include "plugin/image_rules.hpp"

#include <algorithm>

#include "plugin/abi.hpp"

namespace headwind::plugin {
namespace {

bool is_pointer(hw_str pointer) {  // RFC 6901; the root itself cannot be an image
  return is_name(pointer, HW_MAX_TEXT) && view(pointer).starts_with('/');
}

// "group/version/plural/namespace/name": where another object is.
bool is_place(hw_str object) {
  constexpr std::ptrdiff_t slashes = 4;
  const std::string_view text = view(object);
  return is_name(object) && std::ranges::count(text, '/') == slashes && text.find("//") == std::string_view::npos &&
         !text.starts_with('/') && !text.ends_with('/');
}

}  // namespace

std::string_view image_problem(const hw_image& image) {
  if ((image.flags & ~std::uint32_t{HW_IMAGE_VERSION_ONLY}) != 0) return "an image with flags that nobody defined";
  if (image.slot.len == 0 || !is_name(image.slot)) return "an image whose slot is not a name";
  if (!is_name(image.reference, HW_MAX_TEXT)) return "an image whose reference is not a name";
  if (!is_pointer(image.pointer)) return "an image whose pointer is not a JSON pointer";
  if (image.guard_pointer.len != 0 && !is_pointer(image.guard_pointer))
    return "an image whose guard is not a JSON pointer";
  if (!is_text(image.guard_value)) return "an image whose guard value is not UTF-8";
  if (image.object.len != 0 && !is_place(image.object))
    return "an image in an object that is not group/version/plural/namespace/name";
  return {};
}

}  // namespace headwind::plugin
