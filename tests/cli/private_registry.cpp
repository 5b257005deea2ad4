// SPDX-License-Identifier: Apache-2.0
#include "cli/private_registry.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "core/hash.hpp"
#include "net/client.hpp"

namespace headwind::test {
namespace {

net::Response send(std::string method, std::string url, std::string body = {}, std::string type = {}) {
  boost::asio::io_context io;
  net::Client client(io.get_executor(), {});
  net::Request request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.body = std::move(body);
  request.headers = {{"Authorization", "Basic " + base64_encode("ci:s3cret")},
                     {"Content-Type", type.empty() ? "application/octet-stream" : type}};
  net::Response out;
  boost::asio::co_spawn(io, client.send(std::move(request)),
                        [&](std::exception_ptr failure, Result<net::Response> answer) {
                          if (!failure && answer) out = std::move(*answer);
                          client.shut_down();
                        });
  io.run();
  return out;
}

// Answers the blob's digest.
std::string upload(const std::string& repository_url, const std::string& blob) {
  const std::string digest = "sha256:" + sha256_hex(blob);
  const net::Response begun = send("POST", repository_url + "/blobs/uploads/");
  const std::string location(net::find_header(begun.headers, "Location"));
  EXPECT_EQ(send("PUT", location + "&digest=" + digest, blob).status, 201U);
  return digest;
}

}  // namespace

void PrivateRegistry::SetUp() {
  host = "127.0.0.1:" + std::to_string(testbed::free_port());
  const std::string accounts =  // htpasswd -nbB -C 4 ci s3cret
      directory.write("htpasswd", "ci:$2y$04$AN4DNOX6wSR80Na/OVi3Qu9uBauwTyNqsuy4nyt0nvAp/Z9TANC/S\n");
  const std::string file =
      directory.write("config.yml", "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: " +
                                        (directory.path() / "data").string() + "}}\nhttp: {addr: '" + host +
                                        "', secret: test}\nauth: {htpasswd: {realm: test, path: " + accounts + "}}\n");
  auto started =
      testbed::Process::start({{"docker-registry", "serve", file}, directory.path() / "log", directory.path()});
  ASSERT_TRUE(started) << started.error().message;
  process_ = std::move(*started);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  unsigned status = 0;
  while (status != 200 && std::chrono::steady_clock::now() < end) {
    status = send("GET", "http://" + host + "/v2/").status;
    if (status != 200) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ASSERT_EQ(status, 200U) << "docker-registry did not start";
}

std::string PrivateRegistry::push(const std::string& path, const std::string& tag, const std::string& os,
                                  const std::string& architecture) {
  const std::string repository = "http://" + host + "/v2/" + path;
  const std::string config = R"({"os":")" + os + R"(","architecture":")" + architecture +
                             R"(","rootfs":{"type":"layers","diff_ids":[]},"author":")" + tag + R"("})";
  const std::string digest = upload(repository, config);
  const std::string type = "application/vnd.oci.image.manifest.v1+json";
  const std::string manifest = R"({"schemaVersion":2,"mediaType":")" + type +
                               R"(","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":")" +
                               digest + R"(","size":)" + std::to_string(config.size()) + R"(},"layers":[]})";
  EXPECT_EQ(send("PUT", repository + "/manifests/" + tag, manifest, type).status, 201U);
  return "sha256:" + sha256_hex(manifest);
}

std::string PrivateRegistry::config(const std::string& more) const {
  return directory.write("headwind.yaml", "registries:\n  " + host + ":\n    endpoint: http://" + host + "\n" + more);
}

}  // namespace headwind::test
