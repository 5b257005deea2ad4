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
};

}  // namespace headwind::schedule
