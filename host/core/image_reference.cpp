// SPDX-License-Identifier: Apache-2.0
#include "core/image_reference.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace headwind {
namespace {

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_alnum(char c) { return is_lower_alnum(c) || (c >= 'A' && c <= 'Z'); }

// Separators inside a path component: one dot, one or two underscores, any number of dashes.
bool is_valid_component(std::string_view part) {
  if (part.empty() || !is_lower_alnum(part.front()) || !is_lower_alnum(part.back())) return false;
  for (std::size_t i = 0; i < part.size();) {
    if (is_lower_alnum(part[i])) {
      ++i;
      continue;
    }
    const auto end = std::find_if(part.begin() + static_cast<std::ptrdiff_t>(i), part.end(), is_lower_alnum);
    const std::string_view separator = part.substr(i, static_cast<std::size_t>(end - part.begin()) - i);
    const bool dashes = separator.find_first_not_of('-') == std::string_view::npos;
    if (separator != "." && separator != "_" && separator != "__" && !dashes) return false;
    i += separator.size();
  }
  return true;
}

bool is_valid_host(std::string_view host) {
  const auto colon = host.rfind(':');
  std::string_view name = host.substr(0, colon);
  if (colon != std::string_view::npos && host.front() != '[') {
    const auto port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos) return false;
  }
  if (!name.empty() && name.front() == '[') {  // an IPv6 address, with or without a port
    return host.find(']') != std::string_view::npos &&
           host.find_first_not_of("[]:0123456789abcdefABCDEF") == std::string_view::npos;
  }
  for (const auto label : split(name, '.')) {
    if (label.empty() || !is_alnum(label.front()) || !is_alnum(label.back())) return false;
    if (!std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-'; })) return false;
  }
  return true;
}

bool looks_like_host(std::string_view first) {
  return first == "localhost" || first.find_first_of(".:") != std::string_view::npos;
}

bool is_docker_hub(std::string_view host) {
  static constexpr std::array names{"docker.io", "index.docker.io", "registry-1.docker.io"};
  return std::find(names.begin(), names.end(), host) != names.end();
}

}  // namespace

bool is_valid_tag(std::string_view tag) {
  if (tag.empty() || tag.size() > 128) return false;
  if (!is_alnum(tag.front()) && tag.front() != '_') return false;
  return std::all_of(tag.begin(), tag.end(), [](char c) { return is_alnum(c) || c == '_' || c == '.' || c == '-'; });
}

bool is_valid_digest(std::string_view digest) {
  std::size_t digits = 0;
  if (digest.starts_with("sha256:")) digits = 64;
  if (digest.starts_with("sha512:")) digits = 128;
  return digits != 0 && digest.size() == 7 + digits &&
         digest.substr(7).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<ImageReference> parse_image_reference(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return make_error(Code::invalid,
                      "image '" + printable(text, 300) + "' is not a valid reference: " + std::string(why));
  };
  if (text.empty()) return bad("it is empty");
  if (text.size() > 1024) return bad("it is longer than 1024 characters");
  if (text.find("://") != std::string_view::npos) return bad("a scheme is not part of an image reference");

  ImageReference image;
  std::string_view rest = text;
  if (const auto at = rest.find('@'); at != std::string_view::npos) {
    if (!is_valid_digest(rest.substr(at + 1))) return bad("what follows '@' is not a sha256 or sha512 digest");
    image.digest = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  const auto slash = rest.rfind('/');
  const auto colon = rest.rfind(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    if (!is_valid_tag(rest.substr(colon + 1)))
      return bad("the tag may hold letters, digits, '_', '.', '-', at most 128");
    image.tag = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
  }
  image.name = rest;

  const auto first = rest.find('/');
  if (first != std::string_view::npos && looks_like_host(rest.substr(0, first))) {
    image.host = rest.substr(0, first);
    if (!is_valid_host(image.host)) return bad("its registry host is malformed");
    image.host = to_lower(image.host);
    rest.remove_prefix(first + 1);
  } else {
    image.host = "docker.io";
  }
  constexpr std::size_t longest_path = 255;  // `library/` included
  if (rest.size() > longest_path) return bad("its repository is longer than 255 characters");
  for (const auto part : split(rest, '/'))
    if (!is_valid_component(part)) return bad("its repository must be lower-case parts separated by '/'");
  image.path = rest;
  if (is_docker_hub(image.host)) {
    image.host = "docker.io";
    if (image.path.find('/') == std::string::npos) image.path.insert(0, "library/");
    if (image.path.size() > longest_path) return bad("its repository is longer than 255 characters");
  }
  return image;
}

std::string with_tag(const ImageReference& reference, std::string_view tag, std::string_view digest) {
  std::string text = reference.name + ":" + std::string(tag);
  if (!reference.digest.empty()) text += "@" + std::string(digest);
  return text;
}

}  // namespace headwind
