// SPDX-License-Identifier: Apache-2.0
// The plugin host: finds shared objects, refuses the bad ones with a sentence, makes instances and guards each call.
//
//   file      FOUND -inspect-> HAS_ENTRY -probe-> DESCRIBED -dlopen-> LOADED
//             (any failure -> REFUSED, with a reason)
//   instance  CREATING -> READY <-breaker-> RESTING -> DRAINING -> GONE     (replaced, removed, or shut down)
//             (an overrun -> QUARANTINED, until the call comes back, if ever; then RESTING;
//              two crashes in the journal -> QUARANTINED instead of CREATING, for an hour at most)
//
// Inspection and probing run in a child process, because a truncated file is a SIGBUS and a constructor may crash.
// Modules are never unloaded. An io thread never enters a plugin; a plugin's thread never touches engine state:
// every function below is a coroutine that resumes on the executor given to the host.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "net/client.hpp"
#include "plugin/types.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::plugin {

class Journal;

struct InstanceConfig {
  std::string name;      // unique; names metrics and logs: "slack-ops"
  std::string plugin;    // plugin id: "headwind.notifier.slack"
  std::string settings;  // JSON object, checked against the plugin's schema; defaults are injected
  std::map<std::string, std::string> secrets;                  // granted name -> value, already read
  std::map<std::string, std::chrono::milliseconds> deadlines;  // function -> deadline, where not the default
  bool operator==(const InstanceConfig&) const = default;
};

struct Peer {  // how plugins reach one HTTP peer
  std::shared_ptr<const net::TlsSettings> tls;
};

// One request of a registry plugin, while it read a repository.
struct RegistryRequest {
  std::string host;         // of the repository
  std::string origin;       // who was asked: perhaps another server, "auth.docker.io"
  std::string_view reason;  // the function that asked: list_tags, resolve, platforms
};
// Hears what became of each, for budgets and metrics: an answer, or why there is none. On the executor's thread.
using AnswerListener = std::function<void(const RegistryRequest& request, const Result<net::Response>& answer)>;

struct HostOptions {
  std::vector<std::filesystem::path> directories;  // every *.so in them, sorted by name, or a file itself; in order
  // This program, run again as "<executable> plugin probe --json FILE...". Empty: files are opened here without a
  // probing child, which only trusted ones deserve.
  std::filesystem::path executable;
  std::chrono::milliseconds probe_timeout{5000};
  std::size_t quick_threads = 2;                 // for [quick] calls of all instances
  std::size_t blocking_per_instance = 8;         // threads on demand for [blocking] calls
  std::size_t abandoned_limit = 2;               // beyond: healthy() is false
  std::chrono::milliseconds grace{1000};         // after its deadline, before a call is abandoned
  std::chrono::milliseconds first_rest{10'000};  // of an instance that goes on failing; doubles up to 5 minutes
  std::shared_ptr<Journal> journal;              // of crashes; null: none is kept
  std::string version = "headwind";              // told to plugins
  std::map<std::string, Peer> peers;             // by host[:port] of a URL, or a pattern of such
  AnswerListener on_answer;                      // may be empty
  bool dry_run = false;                          // plugins are told to change nothing outside
  // The ABI minor that plugins are told, with structs as short as in 1.0 where it is an older one: to try a plugin as
  // an older host would run it. Empty: what this host speaks.
  std::optional<std::uint32_t> abi_minor;
};

struct PluginInfo {  // one row of `headwind plugin list`
  std::string file, id, version, kind, summary;
  std::string state;   // "loaded" or "refused"
  std::string reason;  // one sentence, where refused
};

struct InstanceInfo {
  std::string name, plugin, kind;
  std::string state;   // "ready", "resting", "quarantined"; "draining": replaced or removed, with calls under way
  std::string reason;  // one sentence, where not ready
  // Since it was created. A call is one crossing into the plugin; `errors` are those that did not end with "ok", by
  // the status of headwind_plugin_calls_total.
  std::uint64_t calls = 0, in_flight = 0;
  std::map<std::string, std::uint64_t> errors;
  std::string last_error;          // a sentence without the instance's secrets; empty where there was none
  std::int64_t last_error_ms = 0;  // like since_ms: milliseconds since 1970
  std::int64_t since_ms = 0;
};

// Hears of each instance that its plugin's faults have put to rest or in quarantine, when that begins; not of what is
// quarantined when it is made. On the thread that made the call: the executor's.
using OutageListener = std::function<void(const InstanceInfo& instance)>;

class Seat;  // private: the place of an instance, which another may take

// Typed views of the instance of a name, whichever that is when a call begins: see Host::replace. Cheap to copy; valid
// as long as the Host. Each call carries its deadline, is measured, and ends in an Error that names the instance and
// function where it fails.
// traced(): the same view, whose calls tell the plugin the trace that they are part of: a W3C trace id, 32 lower-case
// hex digits. Whatever else is given is told as none.
class Registry {
 public:
  explicit Registry(std::shared_ptr<Seat> seat) : seat_(std::move(seat)) {}
  const std::string& name() const;
  Registry traced(std::string_view trace_id) const {
    Registry view = *this;
    view.trace_id_ = trace_id;
    return view;
  }
  // With `credential`, or as the plugin's settings say.
  Task<Result<Tags>> list_tags(std::string repository, std::optional<Credential> credential = {}) const;
  // The digest that the tag names at the registry's top level (index or manifest). Code::not_found where absent.
  Task<Result<std::string>> resolve(std::string repository, std::string tag,
                                    std::optional<Credential> credential = {}) const;
  // On which platforms the image of that digest runs ("linux/arm64/v8"), sorted. Code::unsupported where the plugin
  // cannot tell.
  Task<Result<std::vector<std::string>>> platforms(std::string repository, std::string digest,
                                                   std::optional<Credential> credential = {}) const;
  // Code::unsupported where the plugin has no parse_webhook; invalid (422) and denied (401) as the plugin says.
  Task<Result<std::vector<Push>>> parse_webhook(Fields headers, std::string body) const;

 private:
  std::shared_ptr<Seat> seat_;
  std::string trace_id_;
};

class Workload {
 public:
  explicit Workload(std::shared_ptr<Seat> seat) : seat_(std::move(seat)) {}
  const std::string& name() const;
  Workload traced(std::string_view trace_id) const {
    Workload view = *this;
    view.trace_id_ = trace_id;
    return view;
  }
  Task<Result<Target>> describe() const;
  // One answer per object, in order: one hop to a worker for a whole page. `related`: the objects of Target::related.
  Task<std::vector<Result<std::vector<Image>>>> images(std::vector<std::string> objects,
                                                       std::vector<std::string> related = {}) const;
  // How far the rollout of the object's present state is. Code::unsupported where the plugin does not follow rollouts.
  Task<Result<Rollout>> rollout(std::string object, std::vector<std::string> companions) const;

 private:
  std::shared_ptr<Seat> seat_;
  std::string trace_id_;
};

class Policy {
 public:
  explicit Policy(std::shared_ptr<Seat> seat) : seat_(std::move(seat)) {}
  const std::string& name() const;
  Policy traced(std::string_view trace_id) const {
    Policy view = *this;
    view.trace_id_ = trace_id;
    return view;
  }
  const std::string& plugin() const;  // its id; valid until the instance is replaced
  Task<Result<Choice>> choose(PolicyQuery query, Tags candidates, bool judgements) const;

 private:
  std::shared_ptr<Seat> seat_;
  std::string trace_id_;
};

class Notifier {
 public:
  explicit Notifier(std::shared_ptr<Seat> seat) : seat_(std::move(seat)) {}
  const std::string& name() const;
  Notifier traced(std::string_view trace_id) const {
    Notifier view = *this;
    view.trace_id_ = trace_id;
    return view;
  }
  // The fate of each event; a failure with retryable set comes again.
  Task<std::vector<Result<>>> send(std::vector<Event> events) const;

 private:
  std::shared_ptr<Seat> seat_;
  std::string trace_id_;
};

class Host {
 public:
  Host(Executor executor, std::shared_ptr<net::Client> http, telemetry::Metrics& metrics, HostOptions options);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Inspects, probes and loads every file. Blocks (children run side by side). A bad file is a refused row, no more.
  void load();
  // Looks at files that are new in `directories`, and at those that were refused and have changed since. Of a file that
  // is loaded and has changed it only says, in a row of plugins(), that a restart is needed. How many plugins are new.
  Task<std::size_t> load_new(std::vector<std::filesystem::path> directories);
  std::vector<PluginInfo> plugins() const;

  // Would the plugin take it? Name, deadlines and settings, not the secrets: nothing of the plugin runs. not_found:
  // there is no such plugin.
  Result<> check(const InstanceConfig& config) const;

  // Creates an instance. Blocking work runs on a worker. Fails where the plugin is missing or refuses the settings.
  // One that the crash journal has quarantined is there at once, but its calls fail with a sentence; it is created
  // when its time is over. That is a success.
  Task<Result<>> create(InstanceConfig config);
  // Creates an instance anew and puts it into the place of the one of that name: calls that begin then go to the new
  // one, through all views, also those that were made before. Calls that are under way end in the former one, which is
  // destroyed after the last of them. Where the new one cannot be created, the former stays as it is. It may be another
  // plugin, but of the same kind.
  Task<Result<>> replace(InstanceConfig config);
  // Takes an instance out. Calls that begin then fail; those under way end first, then it is destroyed.
  Result<> remove(const std::string& name);
  // With what the instance of that name was created; null where there is none. Valid until it is replaced or removed.
  const InstanceConfig* config_of(const std::string& instance) const;
  // For requests that begin from now on.
  void use_peers(std::map<std::string, Peer> peers);
  // One for all instances; before any is made.
  void on_outage(OutageListener listener);

  std::vector<InstanceInfo> instances() const;
  bool quarantined(const std::string& instance) const;

  // By instance name; empty where there is none.
  std::vector<Registry> registries() const;
  std::vector<Workload> workloads() const;
  std::vector<Policy> policies() const;
  std::vector<Notifier> notifiers() const;

  bool healthy() const;  // false once more calls than `abandoned_limit` never returned
  // Refuses new calls, waits up to `grace` for those under way, destroys instances that are idle.
  Task<> shut_down(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// `headwind plugin probe --json FILE...`: inspects, opens, walks and validates modules in this process and prints for
// each, on a line, a JSON description or {"error": sentence}; returns the exit code. Meant to die alone if a file is
// hostile.
int probe_main(const std::vector<std::filesystem::path>& files);

// Runs one instance's `choose` on the calling thread, without a loop: for `headwind policy test`.
Result<Choice> choose_now(const std::filesystem::path& module, const std::string& settings, const PolicyQuery& query,
                          const Tags& candidates);

}  // namespace headwind::plugin
