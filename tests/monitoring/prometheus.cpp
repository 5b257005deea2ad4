// SPDX-License-Identifier: Apache-2.0
#include "prometheus.hpp"

#include <array>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace headwind::monitoring {

using end_to_end::Json;

Prometheus::Prometheus(const std::string& target, const std::filesystem::path& rules)
    : directory_(testbed::make_temporary_directory("prometheus")), port_(testbed::free_port()) {
  std::ofstream(directory_ / "prometheus.yml")
      << "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [\"" << rules.string()
      << "\"]\nscrape_configs: [{job_name: headwind, static_configs: [{targets: [\"" << target << "\"]}]}]\n";
  auto started = testbed::Process::start(
      {{"prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
        "--web.listen-address=127.0.0.1:" + std::to_string(port_), "--enable-feature=exemplar-storage"},
       directory_ / "log",
       directory_});
  if (!started) throw std::runtime_error(started.error().message);
  process_ = std::move(*started);
  const std::string ready = "http://127.0.0.1:" + std::to_string(port_) + "/-/ready";
  if (!end_to_end::eventually([&] { return !process_.running() || end_to_end::call("GET", ready).status == 200; }) ||
      !process_.running())
    throw std::runtime_error("prometheus does not start; see " + (directory_ / "log").string());
}

Prometheus::~Prometheus() {
  process_.stop(std::chrono::seconds(5));
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Json Prometheus::get(const std::string& path) {
  const auto reply = end_to_end::call("GET", "http://127.0.0.1:" + std::to_string(port_) + "/api/v1/" + path);
  const Json answer = reply.json();
  if (answer.is_object() && answer.value("status", "") == "success") return answer.at("data");
  error_ = reply.body;
  return {};
}

Json Prometheus::query(const std::string& expression) {
  const Json data = get("query?query=" + encoded(expression));
  return data.is_object() ? data.at("result") : Json();
}

std::string encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += c;
      continue;
    }
    std::array<char, 4> escape{};
    std::snprintf(escape.data(), escape.size(), "%%%02X", static_cast<unsigned char>(c));
    out += escape.data();
  }
  return out;
}

}  // namespace headwind::monitoring
