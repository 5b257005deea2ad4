// SPDX-License-Identifier: Apache-2.0
#include "core/chart_reference.hpp"

#include <algorithm>

#include "core/image_reference.hpp"
#include "core/text.hpp"

namespace headwind {
namespace {

constexpr std::size_t longest = 4096, longest_number = 18;
constexpr std::string_view oci = "oci://";

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= longest_number &&
         text.find_first_not_of("0123456789") == std::string_view::npos && (text.size() == 1 || text.front() != '0');
}

// Of a prerelease or a build: separated by dots, none of them empty.
bool are_identifiers(std::string_view text) {
  const auto parts = split(text, '.');
  return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    });
  });
}

// Takes what follows `mark` off the text; false where that is no list of identifiers.
bool take_identifiers(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return true;
  const bool good = are_identifiers(text.substr(at + 1));
  text = text.substr(0, at);
  return good;
}

std::string replaced(std::string_view text, char from, char to) {
  std::string out(text);
  std::replace(out.begin(), out.end(), from, to);
  return out;
}

}  // namespace

Result<ChartReference> parse_chart_reference(std::string_view text) {
  const auto bad = [](std::string_view why) {  // not quoted: a URL may hold a secret
    return make_error(Code::invalid, "the reference of a chart " + std::string(why));
  };
  if (text.size() > longest) return bad("is longer than 4096 characters");
  const auto slash = text.rfind('/'), colon = text.rfind(':');
  if (slash == std::string_view::npos || colon == std::string_view::npos || colon < slash || colon + 1 == text.size())
    return bad("names no version; it must be like oci://ghcr.io/charts/podinfo:6.5.4");
  ChartReference chart;
  chart.repository = text.substr(0, colon);
  chart.chart = text.substr(slash + 1, colon - slash - 1);
  chart.version = text.substr(colon + 1);
  if (chart.chart.empty()) return bad("names no chart");
  if (is_chart_url(text)) {
    const std::string_view rest = text.substr(text.find("://") + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.empty() || authority.find('@') != std::string_view::npos)
      return bad("must have a host without user information; put the account into a Secret");
    return chart;
  }
  if (!text.starts_with(oci)) return bad("must begin with oci://, https:// or http://");
  const Result<ImageReference> image = parse_image_reference(std::string_view(chart.repository).substr(oci.size()));
  if (!image) return image.error();
  chart.repository = image->repository();
  return chart;
}

bool is_exact_version(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  if (!take_identifiers(text, '+') || !take_identifiers(text, '-')) return false;
  const auto parts = split(text, '.');
  return parts.size() == 3 && std::all_of(parts.begin(), parts.end(), is_number);
}

std::string tag_of_version(std::string_view version) { return replaced(version, '+', '_'); }
std::string version_of_tag(std::string_view tag) { return replaced(tag, '_', '+'); }

}  // namespace headwind
