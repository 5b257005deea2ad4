// SPDX-License-Identifier: Apache-2.0
// Debian's docker-registry on a free port, with or without accounts, telling its pushes to a URL.
#pragma once
#include <fstream>
#include <string>

#include "bundle.hpp"
#include "core/hash.hpp"
#include "testbed/process.hpp"

namespace headwind::plugin {

class DockerRegistry : public Bundle {
 protected:
  ~DockerRegistry() override {
    process.stop(std::chrono::seconds(2));
    std::filesystem::remove_all(directory);
  }

  void serve(bool accounts) {
    directory = testbed::make_temporary_directory("headwind-registry");
    host_name = "127.0.0.1:" + std::to_string(testbed::free_port());
    endpoint = "http://" + host_name;
    std::ofstream config(directory / "config.yml");
    config << "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: "
           << (directory / "data").string() << "}}\nhttp: {addr: '" << host_name << "', secret: test}\n"
           << "notifications: {endpoints: [{name: test, url: '" << receiver("/webhook/registry")
           << "', timeout: 1s, threshold: 3, backoff: 1s}]}\n";
    if (accounts) {
      config << "auth: {htpasswd: {realm: test, path: " << (directory / "htpasswd").string() << "}}\n";
      // htpasswd -nbB -C 4 ci s3cret
      std::ofstream(directory / "htpasswd") << "ci:$2y$04$AN4DNOX6wSR80Na/OVi3Qu9uBauwTyNqsuy4nyt0nvAp/Z9TANC/S\n";
      authorization = "Basic " + base64_encode("ci:s3cret");
    }
    config.close();
    auto started = testbed::Process::start(
        {{"docker-registry", "serve", (directory / "config.yml").string()}, directory / "log", directory});
    ASSERT_TRUE(started) << started.error().message;
    process = std::move(*started);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    unsigned status = 0;
    while (status != 200 && std::chrono::steady_clock::now() < end) {
      status = send("GET", endpoint + "/v2/").status;
      if (status != 200) run(sleep_for(std::chrono::milliseconds(50)));
    }
    ASSERT_EQ(status, 200u) << "docker-registry did not start";
  }

  net::Response send(const std::string& method, const std::string& url, const std::string& body = "",
                     const std::string& type = "application/octet-stream") {
    net::Request request;
    request.method = method;
    request.url = url;
    request.body = body;
    request.headers = {{"Content-Type", type}};
    if (!authorization.empty()) request.headers.push_back({"Authorization", authorization});
    auto response = run(http->send(std::move(request)));
    return response ? std::move(*response) : net::Response();
  }

  // Pushes an image that consists of a configuration; answers its digest.
  std::string push(const std::string& path, const std::string& tag, const std::string& content = "{}") {
    const std::string digest = "sha256:" + sha256_hex(content);
    const auto upload = send("POST", endpoint + "/v2/" + path + "/blobs/uploads/");
    const std::string location(net::find_header(upload.headers, "Location"));
    EXPECT_EQ(send("PUT", location + "&digest=" + digest, content).status, 201u);
    const std::string type = "application/vnd.oci.image.manifest.v1+json";
    const std::string manifest = R"({"schemaVersion":2,"mediaType":")" + type +
                                 R"(","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":")" +
                                 digest + R"(","size":)" + std::to_string(content.size()) +
                                 R"(},"layers":[],"annotations":{"tag":")" + tag + R"("}})";
    EXPECT_EQ(send("PUT", endpoint + "/v2/" + path + "/manifests/" + tag, manifest, type).status, 201u);
    return "sha256:" + sha256_hex(manifest);
  }

  std::filesystem::path directory;
  std::string host_name, endpoint, authorization;
  testbed::Process process;
};

}  // namespace headwind::plugin
