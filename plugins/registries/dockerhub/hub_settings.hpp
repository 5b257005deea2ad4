// SPDX-License-Identifier: Apache-2.0
// The settings of registries/dockerhub: those of every registry plugin, and whether push times are wanted.
//
//   {"pushed_times": "auto", "hub_api": "https://hub.docker.com", "hosts": {...}, "aliases": {...}}
#pragma once
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "registries/core/settings.hpp"

namespace headwind::registries {

inline constexpr std::string_view hub_address = "https://hub.docker.com";

struct HubSettings {
  enum class PushedTimes {
    never,      // tags by the distribution API, a thousand or more in one request
    automatic,  // by the Hub API where it answers, else as with never
    always      // by the Hub API, or not at all
  };
  PushedTimes pushed_times = PushedTimes::never;
  std::string api{hub_address};
  bool own_api = false;  // the settings name it

  // Of JSON that the host has checked against hub_settings_schema.
  static Outcome<HubSettings> parse(std::string_view json);
};

namespace detail {

inline constexpr std::string_view hub_properties = R"(
    "pushed_times": {"enum": [true, false, "auto"], "default": false,
                     "description": "Whether tags are listed by the Hub API, with the time of each push and the digest: a request per hundred tags. auto: where that API answers; otherwise, and with false, by the registry, without times."},
    "hub_api": {"type": "string", "pattern": "^https?://[^/?#@]+/?$",
                "description": "Where the Hub API is served. Default: https://hub.docker.com. It is shown the account of docker.io."},)";

// In front of the properties that all registry plugins have.
consteval auto hub_schema() {
  constexpr std::string_view start = "\"properties\": {";
  constexpr auto at = settings_schema.find(start) + start.size();
  static_assert(settings_schema.find(start) != std::string_view::npos);
  std::array<char, settings_schema.size() + hub_properties.size()> out{};
  auto end = std::copy_n(settings_schema.begin(), at, out.begin());
  end = std::copy(hub_properties.begin(), hub_properties.end(), end);
  std::copy(settings_schema.begin() + at, settings_schema.end(), end);
  return out;
}
inline constexpr auto hub_schema_text = hub_schema();

}  // namespace detail

// JSON Schema, draft 7.
inline constexpr std::string_view hub_settings_schema(detail::hub_schema_text.data(), detail::hub_schema_text.size());

}  // namespace headwind::registries
