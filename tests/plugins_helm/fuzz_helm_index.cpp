// SPDX-License-Identifier: Apache-2.0
// An index as a hostile repository may write it. However it is cut into pieces it must be read alike.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registries/core/repository.hpp"
#include "registries/helm/chart_version.hpp"
#include "registries/helm/index_parser.hpp"

namespace {

namespace helm = headwind::registries::helm;

class Pieces : public helm::ByteSource {
 public:
  Pieces(std::string_view text, std::size_t step) : rest_(text), step_(step) {}
  std::size_t read(char* to, std::size_t most) override {
    const std::size_t size = std::min({most, step_, rest_.size()});
    std::copy_n(rest_.data(), size, to);
    rest_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view rest_;
  std::size_t step_;
};

void check(const helm::ChartIndex::Listing& listing) {
  if (!listing.present && !listing.versions.empty()) std::abort();
  for (const auto& one : listing.versions) {
    if (!helm::is_chart_version(one.version) || one.created_ms < 0) std::abort();
    if (!headwind::registries::is_valid_digest(one.digest)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Pieces whole(text, 65536), small(text, 13);
  const auto index = helm::parse_index(whole), same = helm::parse_index(small);
  if (static_cast<bool>(index) != static_cast<bool>(same)) std::abort();
  if (!index) {
    if (index.failure().message != same.failure().message) std::abort();
    return 0;
  }
  if (index->entries() != same->entries() || index->left_out() != same->left_out()) std::abort();
  for (const char* chart : {"app", "podinfo", "nginx", "a"}) {
    const auto listing = index->list(chart);
    check(listing);
    if (listing.versions != same->list(chart).versions) std::abort();
  }
  return 0;
}
