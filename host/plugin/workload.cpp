// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/abi.hpp"
#include "plugin/frame.hpp"
#include "plugin/guard.hpp"
#include "plugin/image_rules.hpp"
#include "plugin/instance.hpp"
#include "plugin/result_rules.hpp"
#include "plugin/seat.hpp"

namespace headwind::plugin {
namespace {

constexpr std::size_t kMaxImageBytes = 64U << 20U;  // of all objects of a page

std::vector<std::string> texts_of(const char* const* list) {  // NULL-terminated
  std::vector<std::string> out;
  for (; list != nullptr && *list != nullptr; ++list) out.emplace_back(*list);
  return out;
}

class Describe final : public Frame {
 public:
  explicit Describe(std::shared_ptr<Instance> instance) : Frame(std::move(instance), Function::describe) {}
  Target target;

 protected:
  hw_status enter(const hw_call& call, std::size_t) override {
    const hw_status status = instance().api<hw_workload_api>().describe(instance().self, &call, &sinks().targets);
    if (status == HW_OK && target.plural.empty()) return bad_output("the plugin described no target");
    return status;
  }

  hw_status on_target(const hw_target& described) override {
    if (!target.plural.empty()) return reject("the plugin described several targets");
    if (const std::string_view problem = target_problem(described); !problem.empty())
      return reject("the plugin put " + std::string(problem));
    Target read;
    read.versions = texts_of(described.versions);
    read.companions = texts_of(described.companions);
    read.related = texts_of(described.related);
    read.group = view(described.group);
    read.plural = view(described.plural);
    read.kind = view(described.kind);
    target = std::move(read);
    return HW_OK;
  }
};

class Images final : public Frame {
 public:
  Images(std::shared_ptr<Instance> instance, std::vector<std::string> objects, std::vector<std::string> related)
      : Frame(std::move(instance), Function::images, objects.size()),
        images(objects.size()),
        objects_(std::move(objects)),
        related_(std::move(related)) {
    lent_.reserve(related_.size());
    for (const std::string& one : related_) lent_.push_back(lend(one));
  }
  std::vector<std::vector<Image>> images;  // of each object

 protected:
  hw_status enter(const hw_call& call, std::size_t object) override {
    object_ = object;
    return instance().api<hw_workload_api>().images(instance().self, &call, lend(objects_[object]), lent_.data(),
                                                    lent_.size(), &sinks().images);
  }

  hw_status on_image(const hw_image& image) override {
    std::vector<Image>& out = images[object_];
    if (out.size() == kMaxImages) return reject("the object has more than " + std::to_string(kMaxImages) + " images");
    if (const std::string_view problem = image_problem(image); !problem.empty())
      return reject("the plugin put " + std::string(problem));
    bytes_ += image.slot.len + image.reference.len + image.pointer.len + image.guard_pointer.len +
              image.guard_value.len + image.object.len;
    if (bytes_ > kMaxImageBytes) return reject("the images of a page of objects are longer than 64 MiB together");
    out.push_back({std::string(view(image.slot)), std::string(view(image.reference)), std::string(view(image.pointer)),
                   std::string(view(image.guard_pointer)), std::string(view(image.guard_value)),
                   (image.flags & HW_IMAGE_VERSION_ONLY) != 0, std::string(view(image.object))});
    return HW_OK;
  }

 private:
  const std::vector<std::string> objects_, related_;
  std::vector<hw_str> lent_;
  std::size_t object_ = 0, bytes_ = 0;
};

Task<Result<Target>> describe_target(std::shared_ptr<Describe> frame) {
  const Result<> ran = co_await run_one(frame);
  if (!ran) co_return ran.error();
  co_return std::move(frame->target);
}

Task<std::vector<Result<std::vector<Image>>>> list_images(std::shared_ptr<Images> frame) {
  std::vector<Result<std::vector<Image>>> out;
  const std::size_t count = frame->reports().size();
  out.reserve(count);
  if (count == 0) co_return out;
  const Result<> ran = co_await run(frame);
  for (std::size_t i = 0; i < count; ++i) {
    if (!ran) {
      out.emplace_back(ran.error());
    } else if (Result<> one = frame->result(i); !one) {
      out.emplace_back(one.error());
    } else {
      out.emplace_back(std::move(frame->images[i]));
    }
  }
  co_return out;
}

}  // namespace

const std::string& Workload::name() const { return seat_->name(); }

Task<Result<Target>> Workload::describe() const {
  return describe_target(in_trace(trace_id_, std::make_shared<Describe>(seat_->instance())));
}

Task<std::vector<Result<std::vector<Image>>>> Workload::images(std::vector<std::string> objects,
                                                               std::vector<std::string> related) const {
  return list_images(
      in_trace(trace_id_, std::make_shared<Images>(seat_->instance(), std::move(objects), std::move(related))));
}

}  // namespace headwind::plugin
