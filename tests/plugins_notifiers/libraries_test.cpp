// SPDX-License-Identifier: Apache-2.0
// What the sinks post, read by the libraries of the services themselves. They are installed on demand:
// tests/plugins_notifiers/libraries/install.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "plugins_notifiers/sinks.hpp"
#include "testbed/process.hpp"

namespace headwind::notifiers {
namespace {

const std::string scripts = LIBRARY_SCRIPTS;

void write_payloads(const std::filesystem::path& directory) {
  int number = 0;
  const auto post = [&](const Sink& sink, const nlohmann::json& details) {
    Sent sent(sink);
    ASSERT_EQ(sent.send(details), HW_OK);
    if (sent.host.requests.empty()) return;
    const auto body = sent.body();
    const std::string kind = sink.name == "pagerduty" ? "pagerduty-" + body.value("event_action", "change") : sink.name;
    std::ofstream(directory / (kind + "-" + std::to_string(++number) + ".json")) << sent.host.requests[0].body;
  };
  for (const Sink& sink : sinks()) {
    for (const char* event : {"update_detected", "update_request_created", "update_completed", "update_failed",
                              "rollout_completed", "rollback_failed"}) {
      post(sink, sample(event));
      post(sink, full_sample(event));
    }
    for (const char* filling : {"x", "&", "📦", "*"}) post(sink, huge_sample("update_failed", filling));
    post(sink, huge_sample("update_completed", "€"));
  }
}

TEST(Libraries, of_the_services_understand_what_is_posted) {
  const auto found = testbed::run({scripts + "/install", "--check"});
  if (!found)
    GTEST_SKIP()
        << "the services' libraries are not installed: run tests/plugins_notifiers/libraries/install (npm, PyPI)";
  std::string place = *found;
  while (place.ends_with('\n')) place.pop_back();
  const auto directory = testbed::make_temporary_directory("headwind-payloads");
  write_payloads(directory);
  const auto node = testbed::run({"node", scripts + "/check.mjs", place, directory});
  EXPECT_TRUE(node) << node.error().message;
  const auto python = testbed::run({place + "/venv/bin/python", scripts + "/check.py", directory});
  EXPECT_TRUE(python) << python.error().message;
  if (node && python) std::cout << *node << *python;
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace headwind::notifiers
