// SPDX-License-Identifier: Apache-2.0
// A real OpenTelemetry collector that hands on what it understood; and who the webhook notifier posts to.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "call.hpp"
#include "loop_thread.hpp"
#include "net/server.hpp"
#include "testbed/process.hpp"

namespace headwind::end_to_end {

// A span as the collector wrote it, in a shape that is easy to compare.
struct Seen {
  std::string trace = {}, id = {}, parent = {}, name = {}, state = {};
  int kind = 0;
  std::int64_t start_ns = 0, end_ns = 0;
  std::map<std::string, Json> attributes = {}, resource = {};  // values without their types
  std::vector<std::string> links = {};                         // "trace/span"
  bool failed = false;
  std::string text(const std::string& key) const;  // of an attribute; empty where there is none
};

// Where the collector is; empty: it is not built.
std::filesystem::path collector_binary();

class Collector {
 public:
  Collector();
  ~Collector();

  std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<Seen> spans() const;
  std::vector<Seen> spans_of(const std::string& trace) const;
  std::string log() const;

  std::string hook_url() const { return sink_url() + "/hook-whose-path-is-a-secret"; }
  // The traceparents of what the notifier posted about that namespace, by event.
  std::map<std::string, std::string> notified(const std::string& name_space) const;

 private:
  std::string sink_url() const { return "http://127.0.0.1:" + std::to_string(sink_->port()); }
  Task<net::ServerResponse> take(net::ServerRequest request);

  std::uint16_t port_ = testbed::free_port();
  mutable std::mutex mutex_;
  std::vector<Seen> spans_;
  std::vector<std::pair<Json, std::string>> notes_;  // body, traceparent
  LoopThread loop_;
  std::unique_ptr<net::Server> sink_;
  std::filesystem::path directory_;
  testbed::Process process_;
};

}  // namespace headwind::end_to_end
