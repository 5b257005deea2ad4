// SPDX-License-Identifier: Apache-2.0
// From the values of an index, one after the other, to what is kept of it. It knows Helm's format and no notation: a
// parser of YAML and one of JSON feed it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/outcome.hpp"
#include "registries/helm/chart_index.hpp"
#include "registries/helm/entry_record.hpp"

namespace headwind::registries::helm {

class IndexBuilder {
 public:
  // Each in turn; a map's keys are scalars before their values. False: no more, the index is refused.
  bool begin_map() { return begin(true); }
  bool begin_list() { return begin(false); }
  bool end();
  bool scalar(std::string_view text);
  bool null();
  bool refuse(std::string why);

  // Once, after the last value. Failures are the rest of a sentence that the index begins: "has no apiVersion".
  Outcome<ChartIndex> finish();

 private:
  enum class Place { top, entries, chart, entry, other };  // what a map or list is in an index
  struct Level {
    Place place;
    bool is_map;
    bool at_key;  // of a map: the next scalar is one
  };
  struct Entry {
    std::string name, version, type, created;
    std::optional<Digest> digest;
    bool removed = false;
  };

  bool begin(bool map);
  bool take_key(std::string_view text);
  Place place_of(bool map);
  void begin_chart();
  void value(std::string_view text, bool is_null);
  void field(std::string_view text, bool is_null);
  void end_entry();
  const char* fault_of_entry() const;
  // Most indexes tell digests, and then the rest of an entry is of no use.
  bool is_recorded() const { return entry_depth_ != 0 && !entry_.digest; }

  std::vector<Level> levels_;
  std::string key_;  // of the innermost map that matters
  std::optional<Failure> failure_;
  ChartIndex index_;
  bool has_api_version_ = false, has_entries_ = false;
  std::string chart_;
  Entry entry_;
  std::size_t entry_depth_ = 0;  // levels with the entry; 0: outside
  EntryRecord record_;
};

}  // namespace headwind::registries::helm
