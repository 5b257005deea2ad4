// SPDX-License-Identifier: Apache-2.0
// The settings of registries/helm: those of every registry plugin, and for how long an index is not asked for again.
//
//   {"freshness": 60, "hosts": {"charts.example.com": {"username": "ci", "password_secret": "charts"}}}
//
// Of a host's settings the account counts, and of its endpoint whether it is plain HTTP: see index_fetch.hpp.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "registries/core/settings.hpp"

namespace headwind::registries::helm {

struct HelmSettings {
  std::int64_t freshness_ms = 60'000;

  // Of JSON that the host has checked against helm_settings_schema.
  static Outcome<HelmSettings> parse(std::string_view json);
};

namespace detail {

inline constexpr std::string_view helm_properties = R"(
    "freshness": {"type": "integer", "minimum": 1, "maximum": 86400, "default": 60,
                  "description": "For how many seconds an index.yaml that was read serves every chart in it; then the repository is asked whether it has changed."},)";

// In front of the properties that all registry plugins have.
consteval auto helm_schema() {
  constexpr std::string_view start = "\"properties\": {";
  constexpr auto at = settings_schema.find(start) + start.size();
  static_assert(settings_schema.find(start) != std::string_view::npos);
  std::array<char, settings_schema.size() + helm_properties.size()> out{};
  auto end = std::copy_n(settings_schema.begin(), at, out.begin());
  end = std::copy(helm_properties.begin(), helm_properties.end(), end);
  std::copy(settings_schema.begin() + at, settings_schema.end(), end);
  return out;
}
inline constexpr auto helm_schema_text = helm_schema();

}  // namespace detail

// JSON Schema, draft 7.
inline constexpr std::string_view helm_settings_schema(detail::helm_schema_text.data(),
                                                       detail::helm_schema_text.size());

}  // namespace headwind::registries::helm
