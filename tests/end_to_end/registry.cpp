// SPDX-License-Identifier: Apache-2.0
#include "registry.hpp"

#include <fstream>
#include <stdexcept>

#include "call.hpp"
#include "core/hash.hpp"
#include "testbed/control_plane.hpp"

namespace headwind::end_to_end {
namespace {

void expect(const Reply& reply, unsigned status, const std::string& what) {
  if (reply.status != status) throw std::runtime_error(what + ": " + std::to_string(reply.status) + " " + reply.body);
}

}  // namespace

Registry::Registry(const std::string& notified)
    : directory_(testbed::make_temporary_directory("registry")),
      host_("127.0.0.1:" + std::to_string(testbed::free_port())) {
  std::ofstream config(directory_ / "config.yml");
  config << "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: "
         << (directory_ / "data").string() << "}}\nhttp: {addr: '" << host_ << "', secret: test}\n";
  if (!notified.empty())
    config << "notifications: {endpoints: [{name: headwind, url: '" << notified
           << "', timeout: 5s, threshold: 3, backoff: 1s}]}\n";
  config.close();
  auto started = testbed::Process::start(
      {{"docker-registry", "serve", (directory_ / "config.yml").string()}, directory_ / "log", directory_});
  if (!started) throw std::runtime_error(started.error().message);
  process_ = std::move(*started);
  if (!eventually([&] { return call("GET", "http://" + host_ + "/v2/").status == 200; }))
    throw std::runtime_error("docker-registry does not start");
}

Registry::~Registry() {
  process_.stop(std::chrono::seconds(2));
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void Registry::crane_push(const std::string& repository, const std::string& tag) const {
  const auto scratch = testbed::make_temporary_directory("layer");
  std::ofstream(scratch / "version") << tag << "\n";
  for (const std::vector<std::string>& command : std::initializer_list<std::vector<std::string>>{
           {"tar", "czf", "layer.tar.gz", "version"},
           {(testbed::binaries() / "crane").string(), "append", "--oci-empty-base", "-f", "layer.tar.gz", "-t",
            host_ + "/" + repository + ":" + tag}})
    if (auto ran = testbed::run(command, scratch); !ran) throw std::runtime_error(ran.error().message);
  std::filesystem::remove_all(scratch);
}

std::string Registry::push(const std::string& repository, const std::string& tag, const std::string& content) const {
  const std::string base = "http://" + host_ + "/v2/" + repository, empty = "sha256:" + sha256_hex("{}");
  const Reply upload = call("POST", base + "/blobs/uploads/");
  expect(upload, 202, "upload of " + repository);
  const net::Headers bytes{{"Content-Type", "application/octet-stream"}};
  expect(call("PUT", std::string(net::find_header(upload.headers, "Location")) + "&digest=" + empty, "{}", bytes), 201,
         "configuration of " + repository);
  const std::string type = "application/vnd.oci.image.manifest.v1+json";
  const Json config{{"mediaType", "application/vnd.oci.image.config.v1+json"}, {"digest", empty}, {"size", 2}};
  const Json manifest{{"schemaVersion", 2},
                      {"mediaType", type},
                      {"config", config},
                      {"layers", Json::array()},
                      {"annotations", {{"tag", tag + content}}}};
  expect(call("PUT", base + "/manifests/" + tag, manifest.dump(), {{"Content-Type", type}}), 201,
         "manifest of " + repository + ":" + tag);
  return "sha256:" + sha256_hex(manifest.dump());
}

}  // namespace headwind::end_to_end
