// SPDX-License-Identifier: Apache-2.0
// What is kept of an index.yaml: the charts of a repository and their versions, a hundred bytes or less for each, so
// that one reading serves whoever asks for any of its charts.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::registries::helm {

// Beyond so many charts or entries an index is refused; of a chart with too many versions none is kept, the others
// stay.
inline constexpr std::size_t max_entries = 200'000, max_versions = 10'000;

using Digest = std::array<std::uint8_t, 32>;  // a SHA-256

struct ChartVersion {
  std::string version;          // as it is written
  std::string digest;           // "sha256:..."
  bool digest_derived = false;  // the index names none: it is that of the entry itself, see entry_record.hpp
  std::int64_t created_ms = 0;  // 0: not known
  bool operator==(const ChartVersion&) const = default;
};

class ChartIndex {
 public:
  struct Listing {
    bool present = false;                // the index has the chart
    bool too_many = false;               // and more versions of it than are kept
    std::vector<ChartVersion> versions;  // each once, in the order of the index
  };
  Listing list(std::string_view chart) const;

  // For whoever reads an index: charts one after the other, each with its versions, then seal(). False: one too many.
  bool add_chart(std::string_view name);
  bool add_version(std::string_view version, const Digest& digest, bool derived, std::int64_t created_ms);
  void leave_out(std::string_view chart, std::string_view why);
  void seal();

  std::size_t entries() const { return rows_.size(); }
  std::size_t charts() const { return charts_.size(); }
  std::size_t left_out() const { return left_out_; }                 // entries that cannot be used
  const std::string& left_out_first() const { return first_left_; }  // "podinfo: it has no version"; or empty
  std::size_t bytes() const;                                         // of memory

 private:
  struct Row {
    std::int64_t created_ms;
    std::uint32_t version_at;
    std::uint16_t version_size;
    bool derived;
    Digest digest;
  };
  struct Chart {
    std::uint32_t name_at, name_size, first_row, rows;
    bool too_many;
  };
  std::string_view name(const Chart& chart) const {
    return std::string_view(text_).substr(chart.name_at, chart.name_size);
  }
  std::uint32_t keep(std::string_view text);

  std::string text_;  // names and versions, end to end
  std::vector<Chart> charts_;
  std::vector<Row> rows_;
  std::size_t left_out_ = 0;
  std::string first_left_;
};

}  // namespace headwind::registries::helm
