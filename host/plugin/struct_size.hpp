// SPDX-License-Identifier: Apache-2.0
// Structs of plugins that were built from headers of another minor: how short they may be, and what then is read.
//
// The headers grow at the ends of structs, so `sizeof` here says what this host knows, and nothing about what a plugin
// gives: an older one's struct is shorter, a younger one's longer. Hence
//   - a struct is refused only below the size that it had in the release which brought it (kFirstSize);
//   - what comes from a plugin is read through known(), where younger members are zero;
//   - but for hw_module and hw_plugin, which are read in place: HW_HAS or HW_CAN before a member younger than 1.0.
#pragma once
#include <headwind/headwind.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace headwind::plugin {

// In bytes. Never changes for a struct that was released: sdk/abi/ is the reference, and a test compares. A struct that
// is not listed cannot be read: add it with the size that it has in its first release.
template <class Struct>
inline constexpr std::uint32_t kFirstSize = 0;
template <>
inline constexpr std::uint32_t kFirstSize<hw_error> = 40;
template <>
inline constexpr std::uint32_t kFirstSize<hw_call> = 48;
template <>
inline constexpr std::uint32_t kFirstSize<hw_tags> = 48;
template <>
inline constexpr std::uint32_t kFirstSize<hw_host> = 88;
template <>
inline constexpr std::uint32_t kFirstSize<hw_http_request> = 96;
template <>
inline constexpr std::uint32_t kFirstSize<hw_http_reply> = 32;
template <>
inline constexpr std::uint32_t kFirstSize<hw_http> = 16;
template <>
inline constexpr std::uint32_t kFirstSize<hw_metrics> = 24;
template <>
inline constexpr std::uint32_t kFirstSize<hw_secrets> = 16;
template <>
inline constexpr std::uint32_t kFirstSize<hw_credential> = 88;
template <>
inline constexpr std::uint32_t kFirstSize<hw_pull> = 16;
template <>
inline constexpr std::uint32_t kFirstSize<hw_plugin> = 120;
template <>
inline constexpr std::uint32_t kFirstSize<hw_module> = 40;
template <>
inline constexpr std::uint32_t kFirstSize<hw_event> = 144;
template <>
inline constexpr std::uint32_t kFirstSize<hw_notifier_api> = 16;
template <>
inline constexpr std::uint32_t kFirstSize<hw_policy_query> = 144;
template <>
inline constexpr std::uint32_t kFirstSize<hw_choice> = 16;
template <>
inline constexpr std::uint32_t kFirstSize<hw_verdict_sink> = 24;
template <>
inline constexpr std::uint32_t kFirstSize<hw_policy_api> = 16;
template <>
inline constexpr std::uint32_t kFirstSize<hw_artifact> = 64;
template <>
inline constexpr std::uint32_t kFirstSize<hw_push> = 96;
template <>
inline constexpr std::uint32_t kFirstSize<hw_registry_sink> = 48;
template <>
inline constexpr std::uint32_t kFirstSize<hw_registry_api> = 40;
template <>
inline constexpr std::uint32_t kFirstSize<hw_image> = 104;
template <>
inline constexpr std::uint32_t kFirstSize<hw_image_sink> = 24;
template <>
inline constexpr std::uint32_t kFirstSize<hw_rollout> = 16;
template <>
inline constexpr std::uint32_t kFirstSize<hw_target> = 80;
template <>
inline constexpr std::uint32_t kFirstSize<hw_target_sink> = 24;
template <>
inline constexpr std::uint32_t kFirstSize<hw_workload_api> = 32;

inline constexpr std::uint32_t kMaxStruct = 64U << 10U;

// Whether it can be read: at least as long as in its first release, and not absurdly long.
template <class Struct>
bool is_sized(const Struct* value) {
  static_assert(kFirstSize<Struct> != 0, "list the struct in plugin/struct_size.hpp");
  return value != nullptr && value->struct_size >= kFirstSize<Struct> && value->struct_size <= kMaxStruct;
}

// What this host knows of it; members that the plugin's headers did not have are zero. Only where is_sized. The copy
// points to what the original points to.
template <class Struct>
Struct known(const Struct& value) {
  static_assert(kFirstSize<Struct> != 0 && std::is_trivially_copyable_v<Struct>);
  Struct out{};
  std::memcpy(&out, &value, std::min<std::size_t>(value.struct_size, sizeof out));
  return out;
}

// The struct_size of what is lent by a host that says it speaks `minor`: an older one has grown nowhere.
template <class Struct>
std::uint32_t lent_size(std::uint32_t minor) {
  static_assert(kFirstSize<Struct> != 0, "list the struct in plugin/struct_size.hpp");
  return minor < HW_ABI_MINOR ? kFirstSize<Struct> : static_cast<std::uint32_t>(sizeof(Struct));
}

}  // namespace headwind::plugin
