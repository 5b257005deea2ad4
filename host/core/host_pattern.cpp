// SPDX-License-Identifier: Apache-2.0
#include "core/host_pattern.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <string>

#include "core/text.hpp"

namespace headwind {
namespace {

std::string_view port_of(std::string_view label) { return label.substr(std::min(label.find(':'), label.size())); }

}  // namespace

bool is_host_pattern(std::string_view host) { return host.find('*') != std::string_view::npos; }

bool host_fits(std::string_view pattern, std::string_view host) {
  if (!is_host_pattern(pattern)) return pattern == host;
  const auto globs = split(pattern, '.'), labels = split(host, '.');
  return globs.size() == labels.size() &&
         std::equal(globs.begin(), globs.end(), labels.begin(), [](std::string_view glob, std::string_view label) {
           return port_of(glob) == port_of(label) &&
                  fnmatch(std::string(glob).c_str(), std::string(label).c_str(), FNM_NOESCAPE) == 0;
         });
}

bool is_more_special(std::string_view one, std::string_view other) {
  if (is_host_pattern(one) != is_host_pattern(other)) return is_host_pattern(other);
  return one.size() > other.size();
}

}  // namespace headwind
