// SPDX-License-Identifier: Apache-2.0
// An API server that knows the objects which the test wrote down, and counts how often each was read.
#pragma once
#include <map>
#include <string>

#include "core/hash.hpp"
#include "kube/client.hpp"
#include "net/loop.hpp"

namespace headwind::app::test {

class ApiObjects : public net::test::Loop {
 protected:
  void SetUp() override {
    api = serve([this](net::ServerRequest request) { return answer(request.path); });
    http = std::make_shared<net::Client>(executor(), net::ClientOptions{.user_agent = "test"});
    kube::Access access;
    access.server = net::test::at(api->port(), "");
    client = std::make_shared<kube::Client>(std::move(access), http, metrics);
  }
  void TearDown() override {
    http->shut_down();
    run(api->drain(std::chrono::milliseconds(100)));
  }

  static std::string path(const std::string& name_space, const std::string& plural, const std::string& name) {
    return "/api/v1/namespaces/" + name_space + "/" + plural + "/" + name;
  }
  void put_account(const std::string& name_space, const std::string& name, const std::string& secrets = "[]") {
    objects[path(name_space, "serviceaccounts", name)] = R"({"metadata":{},"imagePullSecrets":)" + secrets + "}";
  }
  void put_secret(const std::string& name_space, const std::string& name, const std::string& auths) {
    objects[path(name_space, "secrets", name)] =
        R"({"metadata":{},"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":")" +
        base64_encode(R"({"auths":)" + auths + "}") + "\"}}";
  }
  static std::string login(const std::string& key, const std::string& user, const std::string& password) {
    return "{\"" + key + R"(":{"username":")" + user + R"(","password":")" + password + "\"}}";
  }
  std::size_t reads() const {
    std::size_t sum = 0;
    for (const auto& [path, times] : read) sum += times;
    return sum;
  }

  std::map<std::string, std::string> objects;
  std::map<std::string, std::size_t> read;
  unsigned refuse_with = 0;  // every answer's status, where not 0
  telemetry::Metrics metrics;
  std::unique_ptr<net::Server> api;
  std::shared_ptr<net::Client> http;
  std::shared_ptr<kube::Client> client;

 private:
  Task<net::ServerResponse> answer(std::string at) {
    ++read[at];
    net::ServerResponse response;
    response.headers.push_back({"Content-Type", "application/json"});
    const auto found = objects.find(at);
    response.status = refuse_with != 0 ? refuse_with : found == objects.end() ? 404 : 200;
    response.body =
        response.status == 200 ? found->second : R"({"kind":"Status","code":)" + std::to_string(response.status) + "}";
    co_return response;
  }
};

}  // namespace headwind::app::test
