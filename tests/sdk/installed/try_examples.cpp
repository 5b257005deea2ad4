// SPDX-License-Identifier: Apache-2.0
// Loads the examples and uses them as the operator would. Built from the installed SDK alone.
#include <cstdio>
#include <cstdlib>
#include <headwind/sdk.hpp>
#include <headwind/sdk/testing.hpp>
#include <headwind/version.hpp>

namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "failed: %s\n", what);
  std::exit(1);
}

void try_policy(const char* file) {
  hw::testing::fake_host host;
  const hw::testing::instance policy(host, hw::testing::load(file));
  require(policy.status() == HW_OK, "the policy is created");
  const hw_str names[] = {hw::str("build-20240101"), hw::str("build-20240301"), hw::str("build-20240201"),
                          hw::str("latest")};
  const hw_tags tags{sizeof(hw_tags), 0, 4, names, nullptr, nullptr, nullptr};
  hw_policy_query query{};
  query.struct_size = sizeof query;
  query.tag = names[0];
  hw_choice choice{sizeof(hw_choice), HW_HOLD, 0};
  const auto* api = policy.api<hw_policy_api>();
  require(api->choose(policy.self(), host.call(), &query, &tags, &choice, nullptr, nullptr) == HW_OK, "it answers");
  require(choice.verdict == HW_UPDATE && choice.index == 1, "it chooses the last tag");
  query.tag = {};
  require(api->choose(policy.self(), host.call(), &query, &tags, &choice, nullptr, nullptr) == HW_INVALID,
          "it refuses");
  require(host.failures.size() == 1 && !host.failures[0].message.empty(), "and says why");
}

void try_notifier(const char* file) {
  hw::testing::fake_host host;
  int status = 200;
  host.http = [&](const hw::http_request&) { return hw::http_response{.status = status, .headers = {}, .body = {}}; };
  const hw_module* module = hw::testing::load(file);
  const hw::testing::instance notifier(host, module,
                                       R"({"url": "https://lines.example.com/x?token=1", "prefix": "> "})");
  require(notifier.status() == HW_OK, "the notifier is created");
  hw_event event{};
  event.struct_size = sizeof event;
  event.text = hw::str("web was updated");
  const hw_event* events[] = {&event};
  hw_status results[] = {HW_CANCELLED};
  const auto* api = notifier.api<hw_notifier_api>();
  require(api->send(notifier.self(), host.call(), events, 1, results) == HW_OK && results[0] == HW_OK, "it delivers");
  require(host.requests.size() == 1 && host.requests[0].body == R"({"id":"","line":"> web was updated"})", "this line");
  status = 503;
  require(api->send(notifier.self(), host.call(), events, 1, results) == HW_UNAVAILABLE, "it says when it cannot");
  require(host.failures.back().retryable && host.failures.back().message.find("token") == std::string::npos,
          "and keeps the secret");
  const std::size_t failures = host.failures.size();
  host.http = [](const hw::http_request&) -> hw::http_response { throw hw::error(hw::code::cancelled, ""); };
  require(api->send(notifier.self(), host.call(), events, 1, results) == HW_CANCELLED,
          "a service's status is passed on");
  require(host.failures.size() == failures, "and the host's own sentence stands");
  const hw::testing::instance broken(host, module, "{}");
  require(broken.status() == HW_INVALID && host.failures.back().message == "setting url is missing",
          "it needs its settings");
}

}  // namespace

int main(int count, char** arguments) {
  require(count == 4, "three modules are given");
  try_policy(arguments[1]);
  try_policy(arguments[2]);
  try_notifier(arguments[3]);
  hw::version version;
  require(hw::parse_version("1.2.3", version), "the version header is there");
}
