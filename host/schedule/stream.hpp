// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <compare>
#include <string_view>

#include "core/image_reference.hpp"
#include "core/symbol.hpp"

namespace headwind::schedule {

// One thing to ask a registry about, however many workloads want to know: a repository, under the name of whoever
// reads it. Two namespaces with different credentials are two streams: what one may see, the other may not.
struct Stream {
  Symbol repository;  // canonical, with host
  Symbol identity;    // empty: nobody's
  auto operator<=>(const Stream&) const = default;
  bool operator==(const Stream&) const = default;

  std::string_view host() const { return host_of(repository.str()); }
  // What is read to answer it, where that answers others, too: of a chart over HTTP
  // ("https://charts.example.com/stable/podinfo") the repository with its index. Empty: its own list of tags.
  std::string_view source() const {
    const std::string_view name = repository.str();
    const bool over_http = name.starts_with("https://") || name.starts_with("http://");
    return over_http ? name.substr(0, name.rfind('/')) : std::string_view();
  }
};

}  // namespace headwind::schedule
