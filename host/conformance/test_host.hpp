// SPDX-License-Identifier: Apache-2.0
// The host that a plugin is checked on: it grants what the plugin needs, answers as it is told to, and notes every
// breach of the rules of the border. For any number of the plugin's threads.
#pragma once
#include <headwind/headwind.h>

#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/lent.hpp"
#include "conformance/peer.hpp"

namespace headwind::conformance {

class LocalPeer;
class Visit;

// A secret that nobody gave is made up, with this in it, so that it is recognised where it must not be.
inline constexpr std::string_view kCanary = "canary-7f3a9c51e2d84b06";

struct Grants {
  bool services = true;                          // http, metrics, pull, secrets, as far as the plugin needs them
  bool secrets = true;                           // any secret that it asks for
  std::map<std::string, std::string> given{};    // secret -> value; others are made up
  std::optional<std::set<std::string>> names{};  // of the secrets that are granted; nothing: whatever is asked for
  LocalPeer* local = nullptr;                    // a script's: made-up URLs lead there; null: nowhere
};

class TestHost {
 public:
  TestHost(const hw_plugin& plugin, Grants grants, TakenBack afterwards = TakenBack::readable);
  ~TestHost();
  TestHost(const TestHost&) = delete;
  TestHost& operator=(const TestHost&) = delete;

  void set_peer(Peer peer);             // who answers from now on; at first the obliging one
  std::atomic<bool> cancelled = false;  // what host->cancelled says; set between calls only, as all that follow
  std::int64_t deadline_ms = 30'000;    // of each call, from its start
  std::uint32_t call_flags = 0;         // HW_CALL_*
  bool refuses_results = false;         // every sink answers HW_CANCELLED

  const hw_host& host() const { return *host_; }
  const hw_plugin& plugin() const { return plugin_; }
  TakenBack afterwards() const { return afterwards_; }
  // After destroy: what the plugin may no longer touch is gone.
  void take_back() { memory_.take_back(); }

  // A sentence about what the plugin did wrong, once for each sentence.
  void note_breach(std::string sentence);
  // The same of what is doubtful only.
  void note_remark(std::string sentence);
  std::vector<std::string> breaches() const;
  std::vector<std::string> remarks() const;
  // Whether a secret of this host stands in the text.
  bool tells_secret(std::string_view text) const;
  std::size_t requests() const { return requests_.load(); }  // HTTP, since the start
  std::size_t changes() const { return changes_.load(); }    // of these neither GET nor HEAD
  bool asked_for_secrets() const { return asked_for_secrets_.load(); }
  // The first line that it logged as an error, with its field `error`; empty: none.
  std::string logged_error() const;

 private:
  static TestHost& of(const hw_host* host) { return *static_cast<TestHost*>(host->ctx); }
  static const void* find_service(const hw_host* host, const char* id);
  static void log(const hw_host* host, std::int32_t level, hw_str message, const hw_kv* fields, std::size_t count);
  static hw_status fail(const hw_call* call, const hw_error* error);
  static hw_status exchange(const hw_call* call, const hw_http_request* request, const hw_http_reply* reply);
  static hw_status read_secret(const hw_call* call, hw_str name, const hw_sink* out);
  static std::uint32_t define(const hw_host* host, std::int32_t type, hw_str name, hw_str help);
  static void record(const hw_host* host, std::uint32_t id, double value);
  static const hw_credential* credential(const hw_call* call);
  hw_status answer(const Reply& reply, const hw_http_reply& to) const;
  Reply reply_to(const Request& request);  // and counts it
  bool is_needed(std::string_view id) const;
  std::string secret(const std::string& name) const;

  const hw_plugin& plugin_;
  const Grants grants_;
  const TakenBack afterwards_;
  Lent memory_;
  hw_host* host_;
  hw_http* http_;
  hw_metrics* metrics_;
  hw_secrets* secrets_;
  hw_pull* pull_;
  hw_credential* credential_;
  std::atomic<std::size_t> requests_{0}, changes_{0};
  std::atomic<bool> asked_for_secrets_{false}, too_many_metrics_{false};
  mutable std::mutex mutex_;
  Peer peer_ = obliging_peer;
  std::string logged_error_;
  std::vector<std::string> breaches_, remarks_, metric_names_;
  std::string local_url_;  // below which a script finds the peer; empty: nowhere
};

}  // namespace headwind::conformance
