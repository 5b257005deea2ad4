// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/chart_index.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace headwind::registries::helm {
namespace {

std::string digest_text(const Digest& digest) {
  std::string out = "sha256:";
  for (const std::uint8_t byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

}  // namespace

ChartIndex::Listing ChartIndex::list(std::string_view chart) const {
  Listing out;
  std::unordered_set<std::string_view> seen;
  const auto before = [&](const Chart& one, std::string_view wanted) { return name(one) < wanted; };
  // A name that stands there twice has the versions of both.
  for (auto at = std::lower_bound(charts_.begin(), charts_.end(), chart, before);
       at != charts_.end() && name(*at) == chart; ++at) {
    out.present = true;
    out.too_many = out.too_many || at->too_many;
    for (std::uint32_t i = at->first_row; i < at->first_row + at->rows; ++i) {
      const Row& row = rows_[i];
      const auto version = std::string_view(text_).substr(row.version_at, row.version_size);
      if (seen.insert(version).second)
        out.versions.push_back({std::string(version), digest_text(row.digest), row.derived, row.created_ms});
    }
  }
  return out;
}

bool ChartIndex::add_chart(std::string_view name) {
  if (charts_.size() == max_entries) return false;
  const auto at = keep(name);
  charts_.push_back({at, static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(rows_.size()), 0, false});
  return true;
}

bool ChartIndex::add_version(std::string_view version, const Digest& digest, bool derived, std::int64_t created_ms) {
  Chart& chart = charts_.back();
  if (chart.too_many) return true;
  if (chart.rows == max_versions) {
    chart.too_many = true;
    chart.rows = 0;
    rows_.resize(chart.first_row);
    return true;
  }
  if (rows_.size() == max_entries) return false;
  rows_.push_back({created_ms, keep(version), static_cast<std::uint16_t>(version.size()), derived, digest});
  ++chart.rows;
  return true;
}

void ChartIndex::leave_out(std::string_view chart, std::string_view why) {
  if (left_out_++ == 0) first_left_ = std::string(chart) + ": " + std::string(why);
}

void ChartIndex::seal() {
  std::sort(charts_.begin(), charts_.end(), [&](const Chart& one, const Chart& other) {
    return std::pair(name(one), one.first_row) < std::pair(name(other), other.first_row);
  });
  text_.shrink_to_fit();
  charts_.shrink_to_fit();
  rows_.shrink_to_fit();
}

std::size_t ChartIndex::bytes() const {
  return sizeof(ChartIndex) + text_.capacity() + charts_.capacity() * sizeof(Chart) + rows_.capacity() * sizeof(Row);
}

// What an index may hold, 64 MiB, is well within 32 bits.
std::uint32_t ChartIndex::keep(std::string_view text) {
  const auto at = static_cast<std::uint32_t>(text_.size());
  text_ += text;
  return at;
}

}  // namespace headwind::registries::helm
