// SPDX-License-Identifier: Apache-2.0
#include "core/cloud_registry.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace headwind {

std::string_view cloud_of_registry(std::string_view host) {
  using Row = std::pair<std::string_view, std::string_view>;
  constexpr std::array rows{Row{".gcr.io", "gcp"}, Row{"-docker.pkg.dev", "gcp"}, Row{".azurecr.io", "azure"},
                            Row{".azurecr.cn", "azure"}, Row{".azurecr.us", "azure"}};
  if (host == "gcr.io") return "gcp";
  const auto* row = std::find_if(rows.begin(), rows.end(),
                                 [&](const Row& r) { return host.size() > r.first.size() && host.ends_with(r.first); });
  return row == rows.end() ? std::string_view() : row->second;
}

}  // namespace headwind
