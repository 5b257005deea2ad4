// SPDX-License-Identifier: Apache-2.0
// A registry under test. Each function throws hw::error where the plugin reports a failure.
//
//   hw::testing::registry registry(host);
//   EXPECT_EQ(registry.list_tags("registry.example.com/team/web"), (std::vector<std::string>{"1.0", "1.1"}));
#pragma once
#include <headwind/sdk/registry.hpp>
#include <headwind/sdk/testing/calls.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hw::testing {

class registry : public driver {
 public:
  explicit registry(fake_host& host, std::string_view settings = "{}", const hw_module* module = hw_entry_v1())
      : driver(host, settings, module) {}

  std::vector<std::string> list_tags(std::string_view repository) {
    loans texts;
    answer out;
    demand([&](const hw_call* call) {
      return api<hw_registry_api>()->list_tags(self(), call, texts.lend(repository), &out.sink);
    });
    return std::move(out.tags);
  }
  hw::artifact resolve(std::string_view repository, std::string_view tag, std::string_view platform = {}) {
    loans texts;
    answer out;
    demand([&](const hw_call* call) {
      return api<hw_registry_api>()->resolve(self(), call, texts.lend(repository), texts.lend(tag),
                                             texts.lend(platform), &out.sink);
    });
    if (out.artifacts.size() != 1) throw std::logic_error("resolve() must put one artifact");
    return std::move(out.artifacts.front());
  }
  // Header names are in lower case.
  std::vector<hw::push> parse_webhook(const header_list& headers, std::string_view body) {
    if (!api<hw_registry_api>()->parse_webhook) throw error(code::unsupported, "the plugin has no parse_webhook");
    loans texts;
    answer out;
    std::vector<hw_kv> rows;
    for (const auto& [key, value] : headers) rows.push_back({texts.lend(key), texts.lend(value)});
    demand([&](const hw_call* call) {
      return api<hw_registry_api>()->parse_webhook(self(), call, rows.data(), rows.size(), texts.lend(body), &out.sink);
    });
    return std::move(out.pushes);
  }
  std::vector<std::string> platforms(std::string_view repository, std::string_view digest) {
    if (!api<hw_registry_api>()->platforms) throw error(code::unsupported, "the plugin has no platforms");
    loans texts;
    answer out;
    demand([&](const hw_call* call) {
      return api<hw_registry_api>()->platforms(self(), call, texts.lend(repository), texts.lend(digest), &out.sink);
    });
    return std::move(out.platforms);
  }

 private:
  struct answer {
    std::vector<std::string> tags, platforms;
    std::vector<hw::artifact> artifacts;
    std::vector<hw::push> pushes;
    hw_registry_sink sink{sizeof(hw_registry_sink), 0, this, &put_tags, &put_artifact, &put_push, &put_platform};

    static answer& of(void* ctx) { return *static_cast<answer*>(ctx); }
    static hw_status put_tags(void* ctx, const hw_tags* page) noexcept {
      for (std::size_t i = 0; i < page->count; ++i) of(ctx).tags.emplace_back(view(page->names[i]));
      return HW_OK;
    }
    static hw_status put_artifact(void* ctx, const hw_artifact* one) noexcept {
      of(ctx).artifacts.push_back({std::string(view(one->digest)), std::string(view(one->media_type)), one->created_ms,
                                   std::string(view(one->labels))});
      return HW_OK;
    }
    static hw_status put_push(void* ctx, const hw_push* one) noexcept {
      of(ctx).pushes.push_back({std::string(view(one->repository)), std::string(view(one->tag)),
                                std::string(view(one->digest)), std::string(view(one->media_type)),
                                std::string(view(one->event_id)), one->pushed_ms, (one->flags & HW_PUSH_DELETED) != 0});
      return HW_OK;
    }
    static hw_status put_platform(void* ctx, hw_str platform) noexcept {
      of(ctx).platforms.emplace_back(view(platform));
      return HW_OK;
    }
  };
};

}  // namespace hw::testing
