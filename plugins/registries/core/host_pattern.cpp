// SPDX-License-Identifier: Apache-2.0
#include "registries/core/host_pattern.hpp"

namespace headwind::registries {
namespace {

// '*' stands for any number of characters. Goes back to the last '*' only, so the work is bounded by the product.
bool label_matches(std::string_view pattern, std::string_view label) {
  std::size_t p = 0;
  std::size_t l = 0;
  std::size_t star = std::string_view::npos;
  std::size_t after = 0;
  while (l < label.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after = l;
    } else if (p < pattern.size() && pattern[p] == label[l]) {
      ++p;
      ++l;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      l = ++after;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::string_view port_of(std::string_view host) {
  const auto colon = host.rfind(':');
  return colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos ? std::string_view()
                                                                                            : host.substr(colon);
}

std::string_view take_label(std::string_view& rest) {
  const auto dot = rest.find('.');
  const auto label = rest.substr(0, dot);
  rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
  return label;
}

}  // namespace

bool is_host_pattern(std::string_view name) { return name.find('*') != std::string_view::npos; }

bool host_matches(std::string_view pattern, std::string_view host) {
  if (port_of(pattern) != port_of(host)) return false;
  pattern.remove_suffix(port_of(pattern).size());
  host.remove_suffix(port_of(host).size());
  while (!pattern.empty() && !host.empty()) {
    const auto wanted = take_label(pattern);
    const auto label = take_label(host);
    if (label.empty() || !label_matches(wanted, label)) return false;
  }
  return pattern.empty() && host.empty();
}

}  // namespace headwind::registries
