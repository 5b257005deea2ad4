// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "plugin/guard.hpp"
#include "plugin/host.hpp"
#include "plugin/registry_frame.hpp"
#include "plugin/result_rules.hpp"
#include "plugin/seat.hpp"

namespace headwind::plugin {
namespace {

constexpr std::size_t kMaxPushes = 10'000;

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
    return api().parse_webhook(instance().self, &call, lent_.data(), lent_.size(), lend(body_), &sinks().registry);
  }

  hw_status on_push(const hw_push& push) override {
    if (pushes.size() == kMaxPushes) return reject("the body names more than 10000 pushes");
    if (const std::string_view problem = push_problem(push); !problem.empty())
      return reject("the plugin put " + std::string(problem));
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

Task<Result<std::vector<Push>>> parse(std::shared_ptr<ParseWebhook> frame) {
  const hw_registry_api api = frame->instance().api<hw_registry_api>();
  if (api.parse_webhook == nullptr)
    co_return frame->in_frame(make_error(Code::unsupported, "this registry sends no webhooks"));
  const Result<> ran = co_await run_one(frame);
  if (!ran) co_return ran.error();
  co_return std::move(frame->pushes);
}

}  // namespace

Task<Result<std::vector<Push>>> Registry::parse_webhook(Fields headers, std::string body) const {
  return parse(
      in_trace(trace_id_, std::make_shared<ParseWebhook>(seat_->instance(), std::move(headers), std::move(body))));
}

}  // namespace headwind::plugin
