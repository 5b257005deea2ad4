// SPDX-License-Identifier: Apache-2.0
// The program that is measured: `headwind run` of a build, as a process of its own, and what /proc says about it.
#pragma once
#include <filesystem>
#include <string>

#include "testbed/control_plane.hpp"

namespace headwind::bench {

struct Memory {
  double resident_mib = 0, peak_mib = 0;
};

class Operator {
 public:
  // `docker_hub`: the endpoint that stands for docker.io. `more`: further keys of the configuration, as a JSON object.
  // Returns once the operator is ready; throws with its log.
  Operator(const std::filesystem::path& build, testbed::ControlPlane& cluster, const std::string& docker_hub,
           const std::string& more = "{}");
  ~Operator();
  Operator(const Operator&) = delete;
  Operator& operator=(const Operator&) = delete;

  std::string url() const { return url_; }  // of the webhook port
  std::string webhook_url() const { return url_ + "/webhook/dockerhub"; }
  // One push as Docker Hub tells it; throws unless it is answered with 200.
  void post_webhook(const std::string& body) const;
  // One GET of /metrics, as Prometheus asks for it or as plain text; throws unless it is answered with 200.
  struct Scrape {
    double ms = 0;
    std::size_t bytes = 0;
  };
  Scrape scrape(bool openmetrics) const;

  Memory memory() const;
  // The processor time it has used so far, in seconds.
  double processor_seconds() const;
  // Waits until it has had nothing to do for half a second.
  void wait_until_quiet() const;
  void pause(bool paused) const;  // SIGSTOP and SIGCONT

 private:
  std::string log_tail() const;

  std::filesystem::path directory_;
  std::string url_, metrics_url_;
  testbed::Process process_;
};

}  // namespace headwind::bench
