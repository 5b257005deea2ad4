// SPDX-License-Identifier: Apache-2.0
// A workload in C++: derive from hw::workload and write
//
//   hw::target describe();
//   std::vector<hw::image> images(const hw::call&, std::string_view object, const hw::texts& related);
//   hw::rollout rollout(const hw::call&, std::string_view object, const hw::texts& companions);     // optional
//
// Objects are JSON text. All of these only compute, and several threads may be inside them at once, unless the plugin
// says .serial = true.
#pragma once
#include <headwind/workload.h>
#include <headwind/sdk/guard.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hw {

struct workload {};

// One place of the object that can be updated. See hw_image.
struct image {
  std::string slot;       // "containers/web"
  std::string reference;  // "ghcr.io/acme/web:1.2.3"
  std::string pointer;    // RFC 6901
  std::string guard_pointer = {}, guard_value = {};
  std::string object = {};    // empty: this object
  bool version_only = false;  // the value at `pointer` is a bare tag or chart version
};

// The kind of object that the instance serves. See hw_target.
struct target {
  std::string group, plural, kind;
  std::vector<std::string> versions;
  std::vector<std::string> related = {}, companions = {};
};

struct rollout {
  enum class state : std::int32_t {  // see HW_ROLLOUT_*
    running = HW_ROLLOUT_RUNNING,
    done = HW_ROLLOUT_DONE,
    failed = HW_ROLLOUT_FAILED,
    held = HW_ROLLOUT_HELD
  };
  state now = state::running;
  std::int32_t ready = 0, wanted = 0;  // replicas
  std::string reason = {};             // one sentence
};

template <class T>
concept workload_plugin = requires(T& self, const call& c, std::string_view object, const texts& others) {
  { self.describe() } -> std::same_as<target>;
  { self.images(c, object, others) } -> std::same_as<std::vector<image>>;
};
template <class T>
concept rollout_reader = requires(T& self, const call& c, std::string_view object, const texts& others) {
  { self.rollout(c, object, others) } -> std::same_as<rollout>;
};

namespace detail {

// A list of C strings that ends with NULL; shows `texts`, which must outlive it.
inline std::vector<const char*> c_strings(const std::vector<std::string>& texts) {
  std::vector<const char*> list;
  list.reserve(texts.size() + 1);
  for (const std::string& text : texts) list.push_back(text.c_str());
  list.push_back(nullptr);
  return list;
}

template <workload_plugin T>
hw_status describe(void* self, const hw_call* raw, const hw_target_sink* out) noexcept {
  return guard(raw, out && HW_HAS(hw_target_sink, out, put), [&](const call&) {
    const target served = static_cast<T*>(self)->describe();
    const auto versions = c_strings(served.versions), related = c_strings(served.related),
               companions = c_strings(served.companions);
    const hw_target answer{
        sizeof(hw_target), 0, str(served.group), str(served.plural), str(served.kind), versions.data(), related.data(),
        companions.data()};
    check_sink(out->put(out->ctx, &answer));
  });
}

template <workload_plugin T>
hw_status images(void* self, const hw_call* raw, hw_str object, const hw_str* related, std::size_t related_count,
                 const hw_image_sink* out) noexcept {
  return guard(raw, out && HW_HAS(hw_image_sink, out, put), [&](const call& current) {
    const std::vector<image> found =
        static_cast<T*>(self)->images(current, view(object), texts(related, related_count));
    for (const image& one : found) {
      const std::uint32_t flags = one.version_only ? std::uint32_t{HW_IMAGE_VERSION_ONLY} : 0;
      const hw_image answer{sizeof(hw_image),     flags,
                            str(one.slot),        str(one.reference),
                            str(one.pointer),     str(one.guard_pointer),
                            str(one.guard_value), str(one.object)};
      check_sink(out->put(out->ctx, &answer));
    }
  });
}

template <class T>
hw_status rollout_state(void* self, const hw_call* raw, hw_str object, const hw_str* companions,
                        std::size_t companion_count, hw_rollout* out, const hw_sink* reason) noexcept {
  return guard(raw, out && HW_HAS(hw_rollout, out, wanted), [&](const call& current) {
    if constexpr (rollout_reader<T>) {
      const rollout seen = static_cast<T*>(self)->rollout(current, view(object), texts(companions, companion_count));
      out->state = static_cast<std::int32_t>(seen.now);
      out->ready = seen.ready;
      out->wanted = seen.wanted;
      if (reason && !seen.reason.empty()) check_sink(reason->write(reason->ctx, str(seen.reason)));
    } else {
      static_cast<void>(self), static_cast<void>(object), static_cast<void>(companions);
      static_cast<void>(companion_count), static_cast<void>(out), static_cast<void>(reason);
      static_cast<void>(current);
      throw error(code::unsupported, "this workload plugin does not follow rollouts");
    }
  });
}

template <class T>
struct workload_table {
  static_assert(workload_plugin<T>,
                "a workload needs: hw::target describe() and std::vector<hw::image> images(const hw::call&, "
                "std::string_view object, const hw::texts& related)");
  static_assert(
      rollout_reader<T> || !requires { &T::rollout; },
      "rollout must be: hw::rollout rollout(const hw::call&, std::string_view object, const hw::texts& companions)");
  static constexpr std::int32_t kind = HW_KIND_WORKLOAD;
  static constexpr hw_workload_api api{sizeof(hw_workload_api), 0, &describe<T>, &images<T>, &rollout_state<T>};
};

}  // namespace detail
}  // namespace hw
