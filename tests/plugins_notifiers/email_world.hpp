// SPDX-License-Identifier: Apache-2.0
// A real mail server (aiosmtpd) and the notifier's shared object before it.
#pragma once
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "plugins_notifiers/sinks.hpp"
#include "testbed/process.hpp"

namespace headwind::notifiers {

class MailWorld : public ::testing::Test {
 protected:
  using json = nlohmann::json;

  static void SetUpTestSuite() {
    directory() = testbed::make_temporary_directory("headwind-mail");
    const auto made = testbed::run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                                    "-nodes", "-keyout", directory() / "key.pem", "-out", directory() / "cert.pem",
                                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"});
    ASSERT_TRUE(made) << made.error().message;
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(directory()); }
  static std::filesystem::path& directory() {
    static std::filesystem::path path;
    return path;
  }
  static std::string certificate() { return directory() / "cert.pem"; }

  // "ops:s3cret" and the mechanisms that the server offers, or nothing: it takes mails of everybody.
  void serve(const std::string& tls, const std::vector<std::string>& login = {}) {
    log_ = directory() / ("log-" + std::to_string(++servers()));
    std::vector<std::string> arguments{std::string(MAIL_SERVER), tls, certificate(), directory() / "key.pem"};
    arguments.insert(arguments.end(), login.begin(), login.end());
    auto started = testbed::Process::start({arguments, log_, {}});
    ASSERT_TRUE(started) << started.error().message;
    process_ = std::move(*started);
    settings = {{"host", "localhost"},
                {"tls", tls},
                {"ca_file", certificate()},
                {"from", "headwind@example.com"},
                {"to", {"ops@example.com"}}};
    for (int tries = 0; tries < 600 && process_.running() && lines().empty(); ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ASSERT_FALSE(lines().empty()) << "aiosmtpd does not start: is python3-aiosmtpd installed?";
    settings["port"] = std::stoi(lines().front());
    if (login.empty()) return;
    const auto colon = login[0].find(':');
    settings["username"] = login[0].substr(0, colon);
    secrets["password"] = login[0].substr(colon + 1) + "\n";
  }

  hw_status create() {
    sent = std::make_unique<Sent>(Sink{"email", settings.dump(), secrets, ""});
    return sent->plugin->status();
  }
  hw_status send(const json& details) {
    if (!sent) EXPECT_EQ(create(), HW_OK);
    return sent->send(details);
  }
  // What the server took.
  std::vector<json> mails() const {
    std::vector<json> out;
    for (const std::string& line : lines())
      if (line.starts_with('{')) out.push_back(json::parse(line));  // Python's warnings are there too
    return out;
  }
  std::string complaint() const { return sent->host.failures.empty() ? "" : sent->host.failures.back().message; }
  bool retryable() const { return !sent->host.failures.empty() && sent->host.failures.back().retryable; }

  json settings;
  std::map<std::string, std::string> secrets;
  std::unique_ptr<Sent> sent;

 private:
  static int& servers() {
    static int count = 0;
    return count;
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    std::ifstream file(log_);
    for (std::string line; std::getline(file, line) && !file.eof();) out.push_back(line);
    return out;
  }

  std::filesystem::path log_;
  testbed::Process process_;
};

}  // namespace headwind::notifiers
