// SPDX-License-Identifier: Apache-2.0
#include "registry.hpp"

#include <fstream>
#include <stdexcept>

#include "core/hash.hpp"
#include "testbed/control_plane.hpp"

namespace headwind::end_to_end {
namespace {

constexpr const char* kManifest = "application/vnd.oci.image.manifest.v1+json";

void expect(const Reply& reply, unsigned status, const std::string& what) {
  if (reply.status != status) throw std::runtime_error(what + ": " + std::to_string(reply.status) + " " + reply.body);
}

std::string empty_configuration() { return "sha256:" + sha256_hex("{}"); }

std::string manifest_of(const std::string& mark) {
  const Json config{
      {"mediaType", "application/vnd.oci.image.config.v1+json"}, {"digest", empty_configuration()}, {"size", 2}};
  return Json{{"schemaVersion", 2},
              {"mediaType", kManifest},
              {"config", config},
              {"layers", Json::array()},
              {"annotations", {{"tag", mark}}}}
      .dump();
}

std::string crane() { return (testbed::binaries() / "crane").string(); }

}  // namespace

Registry::Registry(RegistryOptions options)
    : options_(std::move(options)),
      directory_(testbed::make_temporary_directory("registry")),
      host_("127.0.0.1:" + std::to_string(testbed::free_port())) {
  std::ofstream config(directory_ / "config.yml");
  config << "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: "
         << (directory_ / "data").string() << "}}\nhttp: {addr: '" << host_ << "', secret: test}\n"
         << options_.configuration;
  if (!options_.notified.empty())
    config << "notifications: {endpoints: [{name: headwind, url: '" << options_.notified
           << "', timeout: 5s, threshold: 3, backoff: 1s}]}\n";
  config.close();
  start();
}

void Registry::stop() { process_.stop(std::chrono::seconds(0)); }

void Registry::start() {
  // Distribution 3 would look for an OpenTelemetry collector.
  auto started = testbed::Process::start({command(), directory_ / "log", directory_, {"OTEL_TRACES_EXPORTER=none"}});
  if (!started) throw std::runtime_error(started.error().message);
  process_ = std::move(*started);
  const auto answers = [&] {
    const unsigned status = call("GET", "http://" + host_ + "/v2/").status;
    return status == 200 || status == 401;
  };
  if (!eventually(answers)) throw std::runtime_error(command().front() + " does not start");
}

Registry::~Registry() {
  process_.stop(std::chrono::seconds(2));
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::vector<std::string> Registry::command() const {
  const std::string config = (directory_ / "config.yml").string();
  switch (options_.program) {
    case Program::distribution: return {(testbed::binaries() / "distribution").string(), "serve", config};
    case Program::crane: return {crane(), "registry", "serve", "--address", host_};
    case Program::docker_registry: break;
  }
  return {"docker-registry", "serve", config};
}

net::Headers Registry::headers(const std::string& repository, const std::string& type) const {
  net::Headers result{{"Content-Type", type}};
  if (options_.authorization) result.push_back({"Authorization", options_.authorization(repository)});
  return result;
}

void Registry::crane_push(const std::string& repository, const std::string& tag) const {
  const auto scratch = testbed::make_temporary_directory("layer");
  std::ofstream(scratch / "version") << tag << "\n";
  for (const std::vector<std::string>& command : std::initializer_list<std::vector<std::string>>{
           {"tar", "czf", "layer.tar.gz", "version"},
           {crane(), "append", "--oci-empty-base", "-f", "layer.tar.gz", "-t", host_ + "/" + repository + ":" + tag}})
    if (auto ran = testbed::run(command, scratch); !ran) throw std::runtime_error(ran.error().message);
  std::filesystem::remove_all(scratch);
}

void Registry::push_configuration(const std::string& repository) const {
  const net::Headers bytes = headers(repository, "application/octet-stream");
  const Reply upload = call("POST", url_of(repository) + "/blobs/uploads/", {}, bytes);
  expect(upload, 202, "upload of " + repository);
  std::string location(net::find_header(upload.headers, "Location"));
  if (location.starts_with('/')) location = "http://" + host_ + location;
  location += (location.find('?') == std::string::npos ? "?digest=" : "&digest=") + empty_configuration();
  expect(call("PUT", location, "{}", bytes), 201, "configuration of " + repository);
}

std::string Registry::digest(const std::string& tag, const std::string& content) {
  return "sha256:" + sha256_hex(manifest_of(tag + content));
}

std::string Registry::push(const std::string& repository, const std::string& tag, const std::string& content) const {
  push_configuration(repository);
  const std::string manifest = manifest_of(tag + content);
  expect(call("PUT", url_of(repository) + "/manifests/" + tag, manifest, headers(repository, kManifest)), 201,
         "manifest of " + repository + ":" + tag);
  return "sha256:" + sha256_hex(manifest);
}

void Registry::push_range(const std::string& repository, const std::string& range) const {
  push_configuration(repository);
  const auto file = directory_ / "manifest.json";
  std::ofstream(file) << manifest_of(range);
  std::vector<std::string> command{"curl", "-sS", "--fail", "-Z",        "--parallel-max", "8",
                                   "-X",   "PUT", "-o",     "/dev/null", "--data-binary",  "@" + file.string()};
  for (const auto& header : headers(repository, kManifest))
    command.insert(command.end(), {"-H", header.name + ": " + header.value});
  command.push_back(url_of(repository) + "/manifests/" + range);
  if (auto ran = testbed::run(command); !ran) throw std::runtime_error(ran.error().message);
}

Reply Registry::read(const std::string& repository, const std::string& path) const {
  return call("GET", url_of(repository) + "/" + path, {}, headers(repository, "application/json"));
}

}  // namespace headwind::end_to_end
