// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/image_reference.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "plugin/frame.hpp"
#include "plugin/guard.hpp"
#include "plugin/instance.hpp"

namespace headwind::plugin {
namespace {

constexpr std::size_t kMaxTagBytes = 64U << 20U;
constexpr std::size_t kMaxPushes = 10'000;

// A frame whose sink takes what a registry emits. Each function listens to its own member of the sink.
class RegistryFrame : public Frame {
 public:
  using Frame::Frame;

 protected:
  const hw_registry_api& api() const { return instance().api<hw_registry_api>(); }
  hw_registry_sink sink() {
    return {
        sizeof(hw_registry_sink),
        0,
        this,
        [](void* self, const hw_tags* page) { return at(self).guarded(&RegistryFrame::on_tags, page); },
        [](void* self, const hw_artifact* artifact) { return at(self).guarded(&RegistryFrame::on_artifact, artifact); },
        [](void* self, const hw_push* push) { return at(self).guarded(&RegistryFrame::on_push, push); }};
  }
  virtual hw_status on_tags(const hw_tags&) { return reject("the plugin put tags where none were asked for"); }
  virtual hw_status on_artifact(const hw_artifact&) {
    return reject("the plugin put an artifact where none was asked for");
  }
  virtual hw_status on_push(const hw_push&) { return reject("the plugin put a push where none was asked for"); }

 private:
  static RegistryFrame& at(void* self) { return *static_cast<RegistryFrame*>(self); }
  template <class Item>
  hw_status guarded(hw_status (RegistryFrame::*listener)(const Item&), const Item* item) {
    if (cancelled()) return HW_CANCELLED;
    if (!is_sized(item)) return reject("the plugin put a struct of a wrong size");
    return (this->*listener)(*item);
  }
};

class ListTags final : public RegistryFrame {
 public:
  ListTags(std::shared_ptr<Instance> instance, std::string repository)
      : RegistryFrame(std::move(instance), Function::list_tags), repository_(std::move(repository)) {}
  Tags tags;

 protected:
  hw_status enter(const hw_call& call, std::size_t) override {
    const hw_registry_sink out = sink();
    return api().list_tags(instance().self, &call, lend(repository_), &out);
  }

  hw_status on_tags(const hw_tags& page) override {
    if (page.count > HW_MAX_TAGS - tags.names.size() || (page.count > 0 && page.names == nullptr))
      return reject("the registry has more than " + std::to_string(HW_MAX_TAGS) + " tags, or a page without names");
    for (std::size_t i = 0; i < page.count; ++i) {
      if (page.names[i].len == 0 || !is_name(page.names[i])) return reject("a tag is not a name in UTF-8");
      bytes_ += page.names[i].len;
    }
    if (bytes_ > kMaxTagBytes) return reject("the tags are longer than 64 MiB together");
    if (page.digests != nullptr && !std::all_of(page.digests, page.digests + page.count, is_digest_or_empty))
      return reject("a tag's digest is not one");
    const std::size_t before = tags.names.size();
    for (std::size_t i = 0; i < page.count; ++i) tags.names.emplace_back(view(page.names[i]));
    fill(tags.digests, page.digests, page.count, before, [](hw_str digest) { return std::string(view(digest)); });
    fill(tags.created_ms, page.created_ms, page.count, before, [](std::int64_t time) { return time; });
    fill(tags.pushed_ms, page.pushed_ms, page.count, before, [](std::int64_t time) { return time; });
    return HW_OK;
  }

 private:
  static bool is_digest_or_empty(hw_str digest) {
    return digest.len == 0 || (is_name(digest) && is_valid_digest(view(digest)));
  }

  // Pages may differ in which columns they know: unknown rows are empty once any page knows the column.
  template <class To, class From, class Convert>
  static void fill(std::vector<To>& column, const From* page, std::size_t count, std::size_t before, Convert convert) {
    if (page == nullptr && column.empty()) return;
    column.resize(before);
    for (std::size_t i = 0; i < count; ++i) column.push_back(page == nullptr ? To{} : convert(page[i]));
  }

  const std::string repository_;
  std::size_t bytes_ = 0;
};

class Resolve final : public RegistryFrame {
 public:
  Resolve(std::shared_ptr<Instance> instance, std::string repository, std::string tag)
      : RegistryFrame(std::move(instance), Function::resolve),
        repository_(std::move(repository)),
        tag_(std::move(tag)) {}
  std::string digest;

 protected:
  hw_status enter(const hw_call& call, std::size_t) override {
    const hw_registry_sink out = sink();
    const hw_status status = api().resolve(instance().self, &call, lend(repository_), lend(tag_), hw_str{}, &out);
    if (status == HW_OK && digest.empty()) return bad_output("the plugin resolved a tag but named no digest");
    return status;
  }

  hw_status on_artifact(const hw_artifact& artifact) override {
    if (!digest.empty()) return reject("the plugin resolved one tag to several artifacts");
    if (!is_name(artifact.digest) || !is_valid_digest(view(artifact.digest)))
      return reject("the artifact's digest is not one");
    digest = view(artifact.digest);
    return HW_OK;
  }

 private:
  const std::string repository_, tag_;
};

class ParseWebhook final : public RegistryFrame {
 public:
  ParseWebhook(std::shared_ptr<Instance> instance, Fields headers, std::string body)
      : RegistryFrame(std::move(instance), Function::parse_webhook),
        headers_(std::move(headers)),
        body_(std::move(body)) {
    for (auto& [name, value] : headers_) {
      name = to_lower(name);  // as promised
      lent_.push_back({lend(name), lend(value)});
    }
  }
  std::vector<Push> pushes;

 protected:
  hw_status enter(const hw_call& call, std::size_t) override {
    const hw_registry_sink out = sink();
    return api().parse_webhook(instance().self, &call, lent_.data(), lent_.size(), lend(body_), &out);
  }

  hw_status on_push(const hw_push& push) override {
    if (pushes.size() == kMaxPushes) return reject("the body names more than 10000 pushes");
    if ((push.flags & ~std::uint32_t{HW_PUSH_DELETED}) != 0)
      return reject("a push has flags that this host does not know");
    if (push.repository.len == 0 || !is_name(push.repository))
      return reject("a push has a repository that is not a name");
    if (push.tag.len == 0 && push.digest.len == 0) return reject("a push has neither tag nor digest");
    if (push.tag.len != 0 && (!is_name(push.tag) || !is_valid_tag(view(push.tag))))
      return reject("a push has a tag that is not one");
    if (push.digest.len != 0 && (!is_name(push.digest) || !is_valid_digest(view(push.digest))))
      return reject("a push has a digest that is not one");
    if (!is_name(push.media_type) || !is_name(push.event_id))
      return reject("a push has a media type or id that is not a name");
    pushes.push_back({std::string(view(push.repository)), std::string(view(push.tag)), std::string(view(push.digest)),
                      std::string(view(push.media_type)), std::string(view(push.event_id)), push.pushed_ms,
                      (push.flags & HW_PUSH_DELETED) != 0});
    return HW_OK;
  }

 private:
  Fields headers_;
  const std::string body_;
  std::vector<hw_kv> lent_;
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

Task<Result<std::vector<Push>>> parse(std::shared_ptr<ParseWebhook> frame) {
  const hw_registry_api& api = frame->instance().api<hw_registry_api>();
  if (api.parse_webhook == nullptr)
    co_return frame->in_frame(make_error(Code::unsupported, "this registry sends no webhooks"));
  const Result<> ran = co_await run_one(frame);
  if (!ran) co_return ran.error();
  co_return std::move(frame->pushes);
}

}  // namespace

const std::string& Registry::name() const { return instance_->name(); }

Task<Result<Tags>> Registry::list_tags(std::string repository) const {
  return list(std::make_shared<ListTags>(instance_, std::move(repository)));
}

Task<Result<std::string>> Registry::resolve(std::string repository, std::string tag) const {
  return resolve_tag(std::make_shared<Resolve>(instance_, std::move(repository), std::move(tag)));
}

Task<Result<std::vector<Push>>> Registry::parse_webhook(Fields headers, std::string body) const {
  return parse(std::make_shared<ParseWebhook>(instance_, std::move(headers), std::move(body)));
}

}  // namespace headwind::plugin
