// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/host_name.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace headwind::registries::ecr {
namespace {

constexpr std::size_t account_digits = 12;
constexpr std::size_t max_region = 32;

// Longest first where one is the end of another.
constexpr std::array<std::string_view, 9> suffixes{
    "amazonaws.com.cn", "amazonaws.com",  "amazonaws.eu",  "on.amazonwebservices.com.cn", "on.aws", "sc2s.sgov.gov",
    "c2s.ic.gov",       "cloud.adc-e.uk", "csp.hci.ic.gov"};

// Regions of other partitions than Amazon's first, by how their names begin.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> partitions{{{"cn-", "amazonaws.com.cn"},
                                                                                   {"us-iso-", "c2s.ic.gov"},
                                                                                   {"us-isob-", "sc2s.sgov.gov"},
                                                                                   {"eu-isoe-", "cloud.adc-e.uk"},
                                                                                   {"us-isof-", "csp.hci.ic.gov"},
                                                                                   {"eusc-", "amazonaws.eu"}}};

bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

}  // namespace

bool is_region(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= max_region && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), fits);
}

std::optional<HostName> parse_host_name(std::string_view host) {
  HostName out;
  if (host == "public.ecr.aws" || host == "ecr-public.aws.com") {
    out.is_public = true;
    return out;
  }
  if (host.size() <= account_digits) return std::nullopt;
  out.account = host.substr(0, account_digits);
  if (out.account.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  host.remove_prefix(account_digits);
  if (!take(host, ".dkr.ecr") && !take(host, ".dkr-ecr")) return std::nullopt;
  out.fips = take(host, "-fips");
  if (!take(host, ".")) return std::nullopt;
  const auto dot = host.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  out.region = host.substr(0, dot);
  out.suffix = host.substr(dot + 1);
  const bool known = std::find(suffixes.begin(), suffixes.end(), out.suffix) != suffixes.end();
  if (!known || !is_region(out.region)) return std::nullopt;
  return out;
}

std::string HostName::api_endpoint() const {
  const std::string service = fips ? "ecr-fips." : "ecr.";
  if (is_public) return "https://api.ecr-public.us-east-1.amazonaws.com";
  if (dual_stack()) return "https://" + service + region + ".api." + suffix.substr(3);
  return "https://api." + service + region + "." + suffix;
}

std::string sts_endpoint(std::string_view region) {
  std::string_view suffix = "amazonaws.com";
  for (const auto& [start, own] : partitions)
    if (region.starts_with(start)) suffix = own;
  return "https://sts." + std::string(region) + "." + std::string(suffix);
}

}  // namespace headwind::registries::ecr
