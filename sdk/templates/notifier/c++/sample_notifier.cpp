// SPDX-License-Identifier: Apache-2.0
// Tells a server that takes JSON by POST what the operator did.
#include <headwind/sdk.hpp>

namespace {

class Sample : public hw::notifier {
 public:
  // Once for each configured instance. The settings were checked against the schema below; what else is wrong with
  // them is thrown here and refuses the instance with your sentence.
  Sample(const hw::call& call, const hw::config& config) : http_(call), url_(config.get<std::string>("url")) {}

  // One event at a time, the oldest first. To return is to say that it was delivered. What expect_success throws for
  // 429 and 5xx lets the event come again, no sooner than Retry-After says; after hw::code::invalid it never does.
  void send(const hw::call& call, const hw::event& event) {
    const nlohmann::json body = {
        {"id", event.id}, {"type", event.type}, {"subject", event.subject}, {"text", event.text}};
    const hw::http_request request{
        .method = "POST",
        .url = url_,
        .headers = {{"content-type", "application/json"}},
        .body = body.dump(),
        .credential = "token"};  // a granted secret, which the host adds: it never comes here
    if (call.dry_run()) return;  // look, but tell nobody
    http_.exchange(call, request).expect_success(hw::url_origin(url_));
  }

 private:
  hw::http http_;
  std::string url_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Sample>{.id = "com.example.notifier.sample",
                                   .version = "0.1.0",
                                   .summary = "Posts each event as JSON",
                                   .schema = R"({"type": "object", "additionalProperties": false,
  "required": ["url"], "properties": {"url": {"type": "string", "pattern": "^https?://"}}})",
                                   .needs = {HW_SERVICE_HTTP}});
