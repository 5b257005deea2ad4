// SPDX-License-Identifier: Apache-2.0
// A whole notifier: posts one line of text per event to an HTTP endpoint.
#include <headwind/sdk.hpp>

namespace {

class LineNotifier : public hw::notifier {
 public:
  LineNotifier(const hw::call& call, const hw::config& config)
      : http_(call), url_(config.get<std::string>("url")), prefix_(config.get<std::string>("prefix")) {}

  void send(const hw::call& call, const hw::event& event) {
    const nlohmann::json line = {{"id", event.id}, {"line", prefix_ + std::string(event.text)}};
    if (call.dry_run()) return;
    http_.post_json(call, url_, line.dump()).expect_success(hw::url_origin(url_));
  }

 private:
  hw::http http_;
  std::string url_, prefix_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<LineNotifier>{.id = "com.example.line",
                                         .version = "1.0.0",
                                         .summary = "Posts one line of text per event",
                                         .schema = R"({"type": "object", "additionalProperties": false,
  "required": ["url"], "properties": {"url": {"type": "string", "pattern": "^https?://"},
                                      "prefix": {"type": "string", "default": ""}}})",
                                         .needs = {HW_SERVICE_HTTP}});
