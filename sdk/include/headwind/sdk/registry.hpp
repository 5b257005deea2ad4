// SPDX-License-Identifier: Apache-2.0
// A registry in C++: derive from hw::registry and write
//
//   void list_tags(const hw::call&, std::string_view repository, const hw::tag_pages& out);
//   hw::artifact resolve(const hw::call&, std::string_view repository, std::string_view tag,
//                        std::string_view platform);
//
// and where the registry has such a thing:
//
//   std::vector<hw::push> parse_webhook(const hw::call&, const hw::headers&, std::string_view body);
//   std::vector<std::string> platforms(const hw::call&, std::string_view repository, std::string_view digest);
//
// Several threads may be inside these at once, unless the plugin says .serial = true. The first two may block on host
// services; parse_webhook only computes. A missing tag is hw::error(code::not_found); a body that this registry does
// not send is code::invalid, a wrong signature code::denied. The host hands it what is posted to /webhook/NAME, where
// NAME is the instance's, and what is posted to /webhook and of no sender that Headwind knows.
#pragma once
#include <headwind/registry.h>
#include <headwind/sdk/guard.hpp>

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hw {

struct registry {};

struct artifact {
  std::string digest;  // "sha256:..."
  std::string media_type = {};
  std::int64_t created_ms = 0;
  std::string labels = {};  // JSON object, or empty
};

struct push {
  std::string repository;  // with its host: "docker.io/library/nginx"
  std::string tag = {}, digest = {}, media_type = {}, event_id = {};
  std::int64_t pushed_ms = 0;
  bool deleted = false;
};

// A page of tags: a column is empty where nothing is known, otherwise as long as names.
struct tag_page {
  std::vector<std::string> names;
  std::vector<std::string> digests = {};
  std::vector<std::int64_t> created_ms = {}, pushed_ms = {};
};

// Takes the pages of list_tags as they come in. The data is copied before put returns.
class tag_pages {
 public:
  explicit tag_pages(const hw_registry_sink* raw) : raw_(raw) {}

  void put(const tag_page& page) const {
    const std::vector<hw_str> names = rows(page.names), digests = rows(page.digests);
    const std::size_t count = names.size();
    for (const std::size_t column : {page.digests.size(), page.created_ms.size(), page.pushed_ms.size()}) {
      if (column != 0 && column != count) throw error(code::internal, "the columns of a page of tags differ in length");
    }
    const hw_tags raw{sizeof(hw_tags),
                      0,
                      count,
                      names.data(),
                      digests.empty() ? nullptr : digests.data(),
                      page.created_ms.empty() ? nullptr : page.created_ms.data(),
                      page.pushed_ms.empty() ? nullptr : page.pushed_ms.data()};
    put(raw);
  }
  void put(std::span<const std::string> names) const {
    const std::vector<hw_str> column = rows(names);
    put(hw_tags{sizeof(hw_tags), 0, column.size(), column.data(), nullptr, nullptr, nullptr});
  }
  void put(const hw_tags& raw) const { detail::check_sink(raw_->tags(raw_->ctx, &raw)); }

 private:
  static std::vector<hw_str> rows(std::span<const std::string> texts) {
    std::vector<hw_str> column;
    column.reserve(texts.size());
    for (const std::string& text : texts) column.push_back(str(text));
    return column;
  }
  const hw_registry_sink* raw_;
};

template <class T>
concept registry_plugin = requires(T& self, const call& c, std::string_view text, const tag_pages& out) {
  self.list_tags(c, text, out);
  { self.resolve(c, text, text, text) } -> std::same_as<artifact>;
};
template <class T>
concept webhook_reader = requires(T& self, const call& c, const headers& h, std::string_view body) {
  { self.parse_webhook(c, h, body) } -> std::same_as<std::vector<push>>;
};

template <class T>
concept platform_reader = requires(T& self, const call& c, std::string_view text) {
  { self.platforms(c, text, text) } -> std::same_as<std::vector<std::string>>;
};

namespace detail {

inline bool is_complete(const hw_registry_sink* out) { return out && HW_HAS(hw_registry_sink, out, platform); }

template <registry_plugin T>
hw_status list_tags(void* self, const hw_call* raw, hw_str repository, const hw_registry_sink* out) noexcept {
  return guard(raw, is_complete(out), [&](const call& current) {
    static_cast<T*>(self)->list_tags(current, view(repository), tag_pages(out));
  });
}

template <registry_plugin T>
hw_status resolve(void* self, const hw_call* raw, hw_str repository, hw_str tag, hw_str platform,
                  const hw_registry_sink* out) noexcept {
  return guard(raw, is_complete(out), [&](const call& current) {
    const artifact found = static_cast<T*>(self)->resolve(current, view(repository), view(tag), view(platform));
    const hw_artifact answer{sizeof(hw_artifact), 0, str(found.digest), str(found.media_type), found.created_ms,
                             str(found.labels)};
    check_sink(out->artifact(out->ctx, &answer));
  });
}

template <webhook_reader T>
hw_status parse_webhook(void* self, const hw_call* raw, const hw_kv* rows, std::size_t count, hw_str body,
                        const hw_registry_sink* out) noexcept {
  return guard(raw, is_complete(out), [&](const call& current) {
    const std::vector<push> pushes = static_cast<T*>(self)->parse_webhook(current, headers(rows, count), view(body));
    for (const push& one : pushes) {
      const std::uint32_t flags = one.deleted ? std::uint32_t{HW_PUSH_DELETED} : 0;
      const hw_push answer{sizeof(hw_push),   flags,           str(one.repository),
                           str(one.tag),      str(one.digest), str(one.media_type),
                           str(one.event_id), one.pushed_ms};
      check_sink(out->push(out->ctx, &answer));
    }
  });
}

template <platform_reader T>
hw_status platforms(void* self, const hw_call* raw, hw_str repository, hw_str digest,
                    const hw_registry_sink* out) noexcept {
  return guard(raw, is_complete(out), [&](const call& current) {
    for (const std::string& one : static_cast<T*>(self)->platforms(current, view(repository), view(digest)))
      check_sink(out->platform(out->ctx, str(one)));
  });
}

template <class T>
constexpr hw_registry_api registry_api() {
  hw_registry_api api{sizeof(hw_registry_api), 0, &list_tags<T>, &resolve<T>, nullptr, nullptr};
  if constexpr (webhook_reader<T>) api.parse_webhook = &parse_webhook<T>;
  if constexpr (platform_reader<T>) api.platforms = &platforms<T>;
  return api;
}

template <class T>
struct registry_table {
  static_assert(
      registry_plugin<T>,
      "a registry needs: void list_tags(const hw::call&, std::string_view, const hw::tag_pages&) and hw::artifact "
      "resolve(const hw::call&, std::string_view, std::string_view, std::string_view)");
  static_assert(
      webhook_reader<T> || !requires { &T::parse_webhook; },
      "parse_webhook must be: std::vector<hw::push> parse_webhook(const hw::call&, const hw::headers&, "
      "std::string_view body)");
  static constexpr std::int32_t kind = HW_KIND_REGISTRY;
  static constexpr hw_registry_api api = registry_api<T>();
};

}  // namespace detail
}  // namespace hw
