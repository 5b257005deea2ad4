// SPDX-License-Identifier: Apache-2.0
// Which files the log names when the configuration is read again.
#include "app/reload.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "api_objects.hpp"
#include "app/instances.hpp"
#include "telemetry/audit.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

using Reading = test::ApiObjects;
using testing::HasSubstr;

TEST_F(Reading, NamesAFileThatChangedDuringTheReadingBeforeInTheNextOne) {
  std::string folder = (std::filesystem::temp_directory_path() / "headwind-reload-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string file = folder + "/config.yaml";
  std::ofstream(file) << "a";
  config::Config running;
  plugin::Host host(executor(), http, metrics, {});
  Refusals refusals(metrics);
  const TextMap environment;
  bool written = false;
  const auto read = [&]() -> Task<Result<config::Config>> {
    if (!std::exchange(written, true)) std::ofstream(file) << "longer";
    co_return make_error(Code::invalid, "line 1 is wrong");
  };
  const auto reload = std::make_shared<Reload>(Reload::Parts{read,
                                                             file,
                                                             running,
                                                             host,
                                                             refusals,
                                                             {},
                                                             environment,
                                                             {},
                                                             [](const auto&) {},
                                                             [](const auto&) {},
                                                             [](const auto&) {},
                                                             metrics},
                                               config::stamps_of_files(file, running));
  const auto log_of_a_run = [&] {
    testing::internal::CaptureStderr();
    EXPECT_TRUE(telemetry::init_log({.json = true, .level = "info"}));
    run(Reload::run(reload));
    EXPECT_TRUE(telemetry::init_log({.json = false, .level = "off"}));
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_THAT(log_of_a_run(), HasSubstr("\"files\":\"\""));
  EXPECT_THAT(log_of_a_run(), HasSubstr("\"files\":\"" + file + "\""));
  EXPECT_THAT(log_of_a_run(), HasSubstr("\"files\":\"\""));
  std::filesystem::remove_all(folder);
}

TEST_F(Reading, IsAuditedWhereItChangesSomething) {
  std::string folder = (std::filesystem::temp_directory_path() / "headwind-reload-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  telemetry::init_audit({telemetry::AuditSink::file, folder + "/audit.log", "test"});
  config::Config running, next;
  const char* root = std::getenv("HEADWIND_BUILD");
  plugin::HostOptions options;
  options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
  plugin::Host host(executor(), http, metrics, options);
  host.load();
  Refusals refusals(metrics);
  const TextMap environment;
  ASSERT_TRUE(run(create_instances(host, running, environment, refusals)));
  const auto ignored = [](const auto&) {};
  const auto reload = std::make_shared<Reload>(Reload::Parts{[&]() -> Task<Result<config::Config>> { co_return next; },
                                                             "",
                                                             running,
                                                             host,
                                                             refusals,
                                                             {},
                                                             environment,
                                                             {},
                                                             ignored,
                                                             ignored,
                                                             ignored,
                                                             metrics},
                                               config::stamps_of_files("", running));
  const auto entries = [&] {
    std::ifstream file(folder + "/audit.log");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::size_t count = 0;
    for (std::size_t at = text.find("\"reload\""); at != std::string::npos; at = text.find("\"reload\"", at + 1))
      ++count;
    return count;
  };
  run(Reload::run(reload));
  EXPECT_EQ(entries(), 0U) << "nothing has changed";
  next.log_level = "off";
  run(Reload::run(reload));
  EXPECT_EQ(entries(), 1U);
  run(Reload::run(reload));
  EXPECT_EQ(entries(), 1U);
  next.api.port = 9999;
  run(Reload::run(reload));
  EXPECT_EQ(entries(), 2U) << "what only a restart takes up is a change, too";
  run(host.shut_down(std::chrono::milliseconds(100)));
  telemetry::init_audit({});
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace headwind::app
