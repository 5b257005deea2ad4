// SPDX-License-Identifier: Apache-2.0
#include "registries/core/tag_page.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "registries/core/repository.hpp"

namespace headwind::registries {
namespace {

constexpr int max_depth = 64;

std::int64_t number(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out > 0 ? out : 0;
}

// Hears the parser; keeps tags, and of Google's map digest, time and tags of each manifest.
class Reader : public nlohmann::json_sax<nlohmann::json> {
 public:
  TagPage page;
  bool has_tags = false;
  bool too_many = false;

  struct Manifest {
    std::string digest;
    std::int64_t pushed_ms = 0;
  };
  struct Tagged {
    std::string tag;
    std::size_t manifest = 0;
  };
  std::vector<Manifest> manifests;
  std::vector<Tagged> tagged;

  bool null() override {
    if (depth_ == 1 && key_ == "tags") has_tags = true;
    return row();
  }
  bool boolean(bool) override { return row(); }
  bool number_integer(number_integer_t) override { return row(); }
  bool number_unsigned(number_unsigned_t) override { return row(); }
  bool number_float(number_float_t, const string_t&) override { return row(); }
  bool binary(binary_t&) override { return false; }
  bool string(string_t& text) override {
    if (in_tags_ && depth_ == 2 && is_valid_tag(text)) page.names.append(text) += '\n';
    if (in_manifest_ && depth_ == 3 && inner_key_ == "timeUploadedMs") manifests.back().pushed_ms = number(text);
    if (in_manifest_ && depth_ == 4 && inner_key_ == "tag" && is_valid_tag(text))
      tagged.push_back({text, manifests.size() - 1});
    return row() && tagged.size() <= static_cast<std::size_t>(HW_MAX_TAGS);
  }
  bool key(string_t& text) override {
    if (depth_ == 1) key_ = text;
    if (in_manifest_ && depth_ == 2) manifests.push_back({is_valid_digest(text) ? text : "", 0});
    if (depth_ == 3) inner_key_ = text;
    return true;
  }
  bool start_object(std::size_t) override {
    if (depth_ == 0) is_object_ = true;
    if (depth_ == 1 && key_ == "manifest") in_manifest_ = true;
    return enter();
  }
  bool start_array(std::size_t) override {
    if (depth_ == 1 && is_object_ && key_ == "tags") in_tags_ = has_tags = true;
    return enter();
  }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool row() {
    if (in_tags_ && depth_ == 2) ++page.rows;
    too_many = page.rows > static_cast<std::size_t>(HW_MAX_TAGS);
    return !too_many;
  }
  bool enter() { return row() && ++depth_ <= max_depth; }
  bool leave() {
    if (--depth_ == 1) in_tags_ = in_manifest_ = false;
    return true;
  }

  int depth_ = 0;
  bool is_object_ = false, in_tags_ = false, in_manifest_ = false;
  std::string key_, inner_key_;
};

// Lays digests and times beside the names.
void add_columns(Reader& reader) {
  std::sort(reader.tagged.begin(), reader.tagged.end(), [](const auto& a, const auto& b) { return a.tag < b.tag; });
  TagPage& page = reader.page;
  for (std::string_view rest = page.names; !rest.empty();) {
    const auto name = take_line(rest);
    const auto at = std::lower_bound(reader.tagged.begin(), reader.tagged.end(), name,
                                     [](const auto& row, std::string_view n) { return row.tag < n; });
    const bool known = at != reader.tagged.end() && at->tag == name;
    if (known) page.digests += reader.manifests[at->manifest].digest;
    page.digests += '\n';
    page.pushed_ms.push_back(known ? reader.manifests[at->manifest].pushed_ms : 0);
  }
}

std::vector<std::string_view> sorted_lines(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) out.push_back(take_line(text));
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

bool same_tags(const TagPage& a, const TagPage& b) {
  return a.names == b.names || (a.names.size() == b.names.size() && sorted_lines(a.names) == sorted_lines(b.names));
}

Outcome<TagPage> parse_tag_list(std::string_view body) {
  Reader reader;
  const bool whole = nlohmann::json::sax_parse(body.begin(), body.end(), &reader);
  if (reader.too_many) return Failure{HW_UNAVAILABLE, "sent more than a million tags", 0};
  if (!whole) return Failure{HW_UNAVAILABLE, "sent something else than JSON", 0};
  if (!reader.has_tags) return Failure{HW_UNAVAILABLE, "sent JSON without a list of tags", 0};
  if (!reader.tagged.empty()) add_columns(reader);
  return std::move(reader.page);
}

}  // namespace headwind::registries
