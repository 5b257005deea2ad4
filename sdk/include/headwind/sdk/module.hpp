// SPDX-License-Identifier: Apache-2.0
// The last lines of a plugin: what it is called and what it needs. The macro writes the static descriptions, the
// trampolines and the one symbol that the shared object exports. It stands once per shared object, outside namespaces.
//
//   HEADWIND_MODULE(hw::plugin<Slack>{.id = "com.example.slack",
//                                     .version = "1.0.0",
//                                     .summary = "Posts events to a Slack channel",
//                                     .schema = R"({"type":"object","required":["url"], ... })",
//                                     .needs = {HW_SERVICE_HTTP}})
//
// Several plugins in one shared object are separated by commas.
#pragma once
#include <headwind/plugin.h>
#include <headwind/sdk/guard.hpp>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <type_traits>

// The oldest host (HW_ABI_MINOR) that the module can live with; define it before the include where it is not 0.
#if !defined(HEADWIND_MIN_HOST_MINOR)
#define HEADWIND_MIN_HOST_MINOR 0
#endif

namespace hw {

class config;
struct registry;
struct workload;
struct notifier;
struct policy;

// Ids of host services.
class service_ids {
 public:
  static constexpr std::size_t limit = 8;
  constexpr service_ids() = default;
  constexpr service_ids(std::initializer_list<const char*> ids) {
    if (ids.size() > limit)
      throw "a plugin needs at most 8 services";  // seen by the compiler: this runs while it compiles
    std::size_t next = 0;
    for (const char* id : ids) list_[next++] = id;
  }
  constexpr const char* const* data() const { return list_; }

 private:
  const char* list_[limit + 1] = {};
};

// Describes plugin class T. T derives from hw::registry, hw::workload, hw::notifier or hw::policy, and is constructed
// for each instance from the first of these that it offers; a constructor that throws refuses the settings:
//   T(const hw::call&, const hw::config&)    T(const hw::config&)    T(const hw::call&)    T()
template <class T>
struct plugin {
  std::string_view id;       // lower case, dotted; use your reverse DNS name
  std::string_view version;  // of the plugin, semver
  std::string_view summary;  // one line
  std::string_view schema = R"({"type":"object","additionalProperties":false})";  // JSON Schema draft 7 of the settings
  service_ids needs = {};                                                         // host services it may ask for
  bool serial = false;  // never call one instance from two threads at once
};

namespace detail {

template <class T>
struct policy_table;
template <class T>
struct notifier_table;
template <class T>
struct registry_table;
template <class T>
struct workload_table;

template <class T>
constexpr auto table_of() {
  constexpr int kinds = std::is_base_of_v<policy, T> + std::is_base_of_v<notifier, T> + std::is_base_of_v<registry, T> +
                        std::is_base_of_v<workload, T>;
  static_assert(kinds == 1,
                "a plugin class derives from exactly one of hw::registry, hw::workload, hw::notifier, hw::policy");
  if constexpr (std::is_base_of_v<policy, T>) {
    return std::type_identity<policy_table<T>>();
  } else if constexpr (std::is_base_of_v<notifier, T>) {
    return std::type_identity<notifier_table<T>>();
  } else if constexpr (std::is_base_of_v<registry, T>) {
    return std::type_identity<registry_table<T>>();
  } else {
    return std::type_identity<workload_table<T>>();
  }
}

template <class T, class Config = config>  // Config is a parameter so that its header is needed only where it is used
std::unique_ptr<T> make(const call& current, std::string_view settings) {
  if constexpr (std::is_constructible_v<T, const call&, const Config&>) {
    return std::make_unique<T>(current, Config(settings));
  } else if constexpr (std::is_constructible_v<T, const Config&> && !std::is_constructible_v<T, const call&>) {
    return std::make_unique<T>(Config(settings));
  } else if constexpr (std::is_constructible_v<T, const call&>) {
    return std::make_unique<T>(current);
  } else {
    static_assert(std::is_default_constructible_v<T>,
                  "a plugin class needs one of the constructors that module.hpp lists");
    return std::make_unique<T>();
  }
}

template <class T>
hw_status create(const hw_call* raw, const hw_plugin*, hw_str settings, void** self) noexcept {
  return guard(raw, self != nullptr, [&](const call& current) { *self = make<T>(current, view(settings)).release(); });
}

template <class T>
void destroy(void* self) noexcept {
  try {
    delete static_cast<T*>(self);
  } catch (...) {  // a destructor declared noexcept(false): nobody is left to tell
  }
}

// All that the host reads of a module, in one object of static storage that points into itself.
template <class... Ts>
class module {
 public:
  explicit constexpr module(const plugin<Ts>&... plugins) : needs_{plugins.needs...} {
    std::size_t next = 0;
    ((fill(next, plugins), ++next), ...);
    raw_ = {sizeof(hw_module), HW_ABI_MINOR, HEADWIND_MIN_HOST_MINOR, sizeof...(Ts), str(build), pointers_};
  }
  constexpr module(const module&) = delete;
  constexpr const hw_module* raw() const { return &raw_; }

 private:
  static constexpr std::string_view build = "C++ SDK, compiler " __VERSION__;

  template <class T>
  constexpr void fill(std::size_t at, const plugin<T>& from) {
    using table = typename decltype(table_of<T>())::type;
    const std::uint32_t flags = from.serial ? std::uint32_t{HW_PLUGIN_SERIAL} : 0;
    plugins_[at] = {sizeof(hw_plugin),
                    table::kind,
                    flags,
                    0,
                    str(from.id),
                    str(from.version),
                    str(from.summary),
                    str(from.schema),
                    needs_[at].data(),
                    &table::api,
                    &create<T>,
                    &destroy<T>,
                    nullptr};
    pointers_[at] = &plugins_[at];
  }

  service_ids needs_[sizeof...(Ts)];
  hw_plugin plugins_[sizeof...(Ts)] = {};
  const hw_plugin* pointers_[sizeof...(Ts)] = {};
  hw_module raw_ = {};
};

}  // namespace detail
}  // namespace hw

#define HEADWIND_MODULE(...)                                            \
  extern "C" HW_EXPORT const hw_module* hw_entry_v1(void) {             \
    static constexpr ::hw::detail::module headwind_module{__VA_ARGS__}; \
    return headwind_module.raw();                                       \
  }                                                                     \
  static_assert(true, "so that a semicolon may follow")
