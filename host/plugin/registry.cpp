// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plugin/guard.hpp"
#include "plugin/host.hpp"
#include "plugin/registry_frame.hpp"
#include "plugin/result_rules.hpp"
#include "plugin/seat.hpp"

namespace headwind::plugin {
namespace {

constexpr std::size_t kMaxTagBytes = 64U << 20U;
constexpr std::size_t kMaxPlatforms = 1024;

class ListTags final : public RegistryFrame {
 public:
  ListTags(std::shared_ptr<Instance> instance, std::string repository, std::optional<Credential> credential)
      : RegistryFrame(std::move(instance), Function::list_tags, std::move(repository), std::move(credential)) {}
  Tags tags;

 protected:
  hw_status enter(const hw_call& call, std::size_t) override {
    return api().list_tags(instance().self, &call, repository(), &sinks().registry);
  }

  hw_status on_tags(const hw_tags& page) override {
    if (const std::string problem = tags_problem(page, tags.names.size()); !problem.empty())
      return reject("the plugin put " + problem);
    bytes_ += bytes_of(page);
    if (bytes_ > kMaxTagBytes) return reject("the tags are longer than 64 MiB together");
    const std::size_t before = tags.names.size();
    for (std::size_t i = 0; i < page.count; ++i) tags.names.emplace_back(view(page.names[i]));
    fill(tags.digests, page.digests, page.count, before, [](hw_str digest) { return std::string(view(digest)); });
    fill(tags.created_ms, page.created_ms, page.count, before, [](std::int64_t time) { return time; });
    fill(tags.pushed_ms, page.pushed_ms, page.count, before, [](std::int64_t time) { return time; });
    return HW_OK;
  }

 private:
  // Pages may differ in which columns they know: unknown rows are empty once any page knows the column.
  template <class To, class From, class Convert>
  static void fill(std::vector<To>& column, const From* page, std::size_t count, std::size_t before, Convert convert) {
    if (page == nullptr && column.empty()) return;
    column.resize(before);
    for (std::size_t i = 0; i < count; ++i) column.push_back(page == nullptr ? To{} : convert(page[i]));
  }

  std::size_t bytes_ = 0;
};

class Resolve final : public RegistryFrame {
 public:
  Resolve(std::shared_ptr<Instance> instance, std::string repository, std::string tag,
          std::optional<Credential> credential)
      : RegistryFrame(std::move(instance), Function::resolve, std::move(repository), std::move(credential)),
        tag_(std::move(tag)) {}
  std::string digest;

 protected:
  hw_status enter(const hw_call& call, std::size_t) override {
    const hw_status status =
        api().resolve(instance().self, &call, repository(), lend(tag_), hw_str{}, &sinks().registry);
    if (status == HW_OK && digest.empty()) return bad_output("the plugin resolved a tag but named no digest");
    return status;
  }

  hw_status on_artifact(const hw_artifact& artifact) override {
    if (!digest.empty()) return reject("the plugin resolved one tag to several artifacts");
    if (!is_digest(artifact.digest)) return reject("the artifact's digest is not one");
    digest = view(artifact.digest);
    return HW_OK;
  }

 private:
  const std::string tag_;
};

class Platforms final : public RegistryFrame {
 public:
  Platforms(std::shared_ptr<Instance> instance, std::string repository, std::string digest,
            std::optional<Credential> credential)
      : RegistryFrame(std::move(instance), Function::platforms, std::move(repository), std::move(credential)),
        digest_(std::move(digest)) {}
  std::set<std::string> found;

 protected:
  hw_status enter(const hw_call& call, std::size_t) override {
    return api().platforms(instance().self, &call, repository(), lend(digest_), &sinks().registry);
  }

  hw_status on_platform(hw_str platform) override {
    if (platform.len == 0 || !is_name(platform)) return reject("a platform is not a name");
    if (found.size() == kMaxPlatforms) return reject("an image has more than 1024 platforms");
    found.emplace(view(platform));
    return HW_OK;
  }

 private:
  const std::string digest_;
};

Task<Result<Tags>> list(std::shared_ptr<ListTags> frame) {
  const Result<> ran = co_await run_one(frame);
  if (!ran) co_return ran.error();
  co_return std::move(frame->tags);
}

Task<Result<std::string>> resolve_tag(std::shared_ptr<Resolve> frame) {
  const Result<> ran = co_await run_one(frame);
  if (!ran) co_return ran.error();
  co_return std::move(frame->digest);
}

Task<Result<std::vector<std::string>>> read_platforms(std::shared_ptr<Platforms> frame) {
  if (frame->instance().api<hw_registry_api>().platforms == nullptr)
    co_return frame->in_frame(make_error(Code::unsupported, "this registry plugin does not tell platforms"));
  const Result<> ran = co_await run_one(frame);
  if (!ran) co_return ran.error();
  co_return std::vector<std::string>(frame->found.begin(), frame->found.end());
}

}  // namespace

const std::string& Registry::name() const { return seat_->name(); }

Task<Result<Tags>> Registry::list_tags(std::string repository, std::optional<Credential> credential) const {
  return list(
      in_trace(trace_id_, std::make_shared<ListTags>(seat_->instance(), std::move(repository), std::move(credential))));
}

Task<Result<std::string>> Registry::resolve(std::string repository, std::string tag,
                                            std::optional<Credential> credential) const {
  return resolve_tag(in_trace(trace_id_, std::make_shared<Resolve>(seat_->instance(), std::move(repository),
                                                                   std::move(tag), std::move(credential))));
}

Task<Result<std::vector<std::string>>> Registry::platforms(std::string repository, std::string digest,
                                                           std::optional<Credential> credential) const {
  return read_platforms(in_trace(trace_id_, std::make_shared<Platforms>(seat_->instance(), std::move(repository),
                                                                        std::move(digest), std::move(credential))));
}

}  // namespace headwind::plugin
