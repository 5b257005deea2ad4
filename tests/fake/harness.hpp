// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "fake/api_server.hpp"
#include "fake/json.hpp"
#include "net/client.hpp"

namespace headwind::fake {

inline constexpr const char* kMergePatch = "application/merge-patch+json";
inline constexpr const char* kJsonPatch = "application/json-patch+json";
inline constexpr const char* kStrategicPatch = "application/strategic-merge-patch+json";

struct Reply {
  unsigned status = 0;
  net::Headers headers;
  std::string text;
  Json body;  // null where the text is not JSON
};

// A loop with an HTTP client; exchanges run the loop until they are answered.
class Loop : public ::testing::Test {
 public:
  Loop() : client_(std::make_unique<net::Client>(io_.get_executor(), net::ClientOptions{})) {}
  // Runs until `done`; a guard ends the wait for what never comes.
  void run_until(const bool& done);
  Reply exchange(net::Request request);
  // Lets everything that is ready run.
  void settle() {
    io_.restart();
    io_.poll();
  }

 protected:
  boost::asio::io_context io_;
  std::unique_ptr<net::Client> client_;
};

class ApiTest : public Loop {
 public:
  void start(ApiServerOptions options = {});
  Reply call(std::string method, std::string path, std::string body = {}, std::string type = "application/json");
  // What a watch of `path` brings until `lines` have come or it ends, as parsed events.
  std::vector<Json> watch(const std::string& path, std::size_t lines);

 protected:
  std::string token_;
  std::unique_ptr<ApiServer> api_;
};

// A Deployment of one container "web".
std::string deployment(const std::string& name, const std::string& image, const std::string& labels = "{}");
std::string config_map(const std::string& name, const std::string& labels = "{}");
inline constexpr const char* kDeployments = "/apis/apps/v1/namespaces/default/deployments";
inline constexpr const char* kConfigMaps = "/api/v1/namespaces/default/configmaps";

}  // namespace headwind::fake
