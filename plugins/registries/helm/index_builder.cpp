// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/index_builder.hpp"

#include <headwind/base.h>
#include <openssl/evp.h>

#include <algorithm>

#include "registries/core/push.hpp"
#include "registries/helm/chart_version.hpp"

namespace headwind::registries::helm {
namespace {

constexpr std::size_t max_depth = 64;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The 64 digits of a SHA-256, as Helm writes them, or with the algorithm before them.
std::optional<Digest> digest_of(std::string_view text) {
  if (text.starts_with("sha256:")) text.remove_prefix(7);
  Digest out{};
  if (text.size() != 2 * out.size()) return std::nullopt;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return out;
}

std::optional<Digest> derived_digest(const EntryRecord& record) {
  const auto text = record.canonical();
  Digest out{};
  if (!text || EVP_Digest(text->data(), text->size(), out.data(), nullptr, EVP_sha256(), nullptr) != 1)
    return std::nullopt;
  return out;
}

}  // namespace

bool IndexBuilder::refuse(std::string why) {
  if (!failure_) failure_ = Failure{HW_INVALID, std::move(why), 0};
  return false;
}

bool IndexBuilder::begin(bool map) {
  if (failure_) return false;
  if (levels_.size() == max_depth) return refuse("is nested more than 64 levels deep");
  if (!levels_.empty() && levels_.back().is_map && levels_.back().at_key) return refuse("has a map or a list as a key");
  const Place place = place_of(map);
  if (place == Place::chart) begin_chart();
  levels_.push_back({place, map, map});
  if (place == Place::entry) {
    entry_ = {};
    record_.clear();
    entry_depth_ = levels_.size();
  }
  if (is_recorded()) record_.begin(map);
  return true;
}

IndexBuilder::Place IndexBuilder::place_of(bool map) {
  if (levels_.empty()) return map ? Place::top : Place::other;
  switch (levels_.back().place) {
    case Place::top: return map && key_ == "entries" ? Place::entries : Place::other;
    case Place::entries:
      if (!map && !key_.empty() && key_.size() <= HW_MAX_NAME) return Place::chart;
      index_.leave_out(key_, "it is not a list of versions under a name");
      return Place::other;
    case Place::chart:
      if (map) return Place::entry;
      index_.leave_out(chart_, "an entry is a list");
      return Place::other;
    default: return Place::other;
  }
}

void IndexBuilder::begin_chart() {
  chart_ = key_;
  if (!index_.add_chart(chart_)) refuse("has more than 200,000 charts");
}

bool IndexBuilder::end() {
  if (failure_ || levels_.empty()) return false;
  if (is_recorded()) record_.end();
  if (levels_.back().place == Place::entries) has_entries_ = true;
  if (levels_.size() == entry_depth_) end_entry();
  levels_.pop_back();
  if (!levels_.empty()) levels_.back().at_key = levels_.back().is_map;
  return !failure_;
}

bool IndexBuilder::take_key(std::string_view text) {
  levels_.back().at_key = false;
  if (levels_.back().place != Place::other) key_ = text;
  if (is_recorded()) record_.scalar(text);
  return true;
}

bool IndexBuilder::scalar(std::string_view text) {
  if (failure_) return false;
  if (levels_.empty()) return refuse("is no map");
  if (levels_.back().at_key) return take_key(text);
  if (is_recorded()) record_.scalar(text);
  value(text, false);
  return true;
}

bool IndexBuilder::null() {
  if (failure_) return false;
  if (levels_.empty()) return refuse("is empty");
  if (levels_.back().at_key) return take_key("");
  if (is_recorded()) record_.null();
  value({}, true);
  return true;
}

void IndexBuilder::value(std::string_view text, bool is_null) {
  Level& level = levels_.back();
  switch (level.place) {
    case Place::top: has_api_version_ = has_api_version_ || (key_ == "apiVersion" && !text.empty()); break;
    case Place::entries:  // null is a chart without versions
      if (is_null && !key_.empty() && key_.size() <= HW_MAX_NAME) {
        begin_chart();
      } else {
        index_.leave_out(key_, "it is not a list of versions under a name");
      }
      break;
    case Place::chart: index_.leave_out(chart_, is_null ? "an entry is empty" : "an entry is no map"); break;
    case Place::entry: field(text, is_null); break;
    case Place::other: break;
  }
  level.at_key = level.is_map;
}

void IndexBuilder::field(std::string_view text, bool is_null) {
  if (is_null) return;
  if (key_ == "name") entry_.name = text;
  if (key_ == "version") entry_.version = text;
  if (key_ == "type") entry_.type = text;
  if (key_ == "created") entry_.created = text;
  if (key_ == "digest" && !entry_.digest) entry_.digest = digest_of(text);
  if (key_ == "removed") entry_.removed = text == "true" || text == "True" || text == "TRUE";
}

// Helm itself would not install it, for the same reasons.
const char* IndexBuilder::fault_of_entry() const {
  if (entry_.version.empty()) return "an entry has no version";
  if (!is_chart_version(entry_.version)) return "a version is not a semantic one";
  if (entry_.name.empty()) return "an entry has no name";
  if (entry_.name == "." || entry_.name == ".." || entry_.name.find('/') != std::string::npos)
    return "the name in an entry is a path";
  if (!entry_.type.empty() && entry_.type != "application" && entry_.type != "library")
    return "an entry is neither an application nor a library";
  return nullptr;
}

void IndexBuilder::end_entry() {
  entry_depth_ = 0;
  if (entry_.removed) return;
  if (const char* fault = fault_of_entry()) return index_.leave_out(chart_, fault);
  const bool derived = !entry_.digest;
  const auto digest = derived ? derived_digest(record_) : entry_.digest;
  if (!digest) return index_.leave_out(chart_, "an entry without a digest is larger than 1 MiB");
  // Go writes the year 1 where it knows no time.
  const std::int64_t created_ms = std::max<std::int64_t>(parse_time(entry_.created).value_or(0), 0);
  if (!index_.add_version(entry_.version, *digest, derived, created_ms)) refuse("has more than 200,000 entries");
}

Outcome<ChartIndex> IndexBuilder::finish() {
  if (failure_) return *failure_;
  if (!has_api_version_) return Failure{HW_INVALID, "has no apiVersion, so it is no index of charts", 0};
  if (!has_entries_) return Failure{HW_INVALID, "has no entries, so it is no index of charts", 0};
  index_.seal();
  return std::move(index_);
}

}  // namespace headwind::registries::helm
