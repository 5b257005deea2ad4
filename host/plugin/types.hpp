// SPDX-License-Identifier: Apache-2.0
// What crosses between the host and its plugins, as owned C++ values: the C structs stay inside this room.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "net/http.hpp"

namespace headwind::plugin {

enum class Kind : std::int32_t { registry = 1, workload = 2, notifier = 3, policy = 4 };
std::string_view to_string(Kind kind);

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Tags {  // by column, as hw_tags; a column is empty where unknown, else as long as names
  std::vector<std::string> names;
  std::vector<std::string> digests;
  std::vector<std::int64_t> created_ms;
  std::vector<std::int64_t> pushed_ms;
};

// With which a repository is read: what the host found for the workloads behind a call.
struct Credential {
  std::string identity;            // stands for it in keys and logs; equal where it is the same; no secret
  std::string username, password;  // secret, as all that follows
  std::string identity_token, registry_token;
  // How the repository's own host is spoken to for this call, and no other host; null: as for everyone. Plugins do not
  // get to see it.
  std::shared_ptr<const net::TlsSettings> tls{};
};

struct Push {              // "this repository has something new"
  std::string repository;  // with its host: "docker.io/library/nginx"
  std::string tag, digest, media_type, event_id;
  std::int64_t pushed_ms = 0;
  bool deleted = false;
};

struct Image {  // one updatable slot of a workload, as hw_image
  std::string slot, reference, pointer, guard_pointer, guard_value;
  bool version_only = false;
  std::string object = {};  // empty: the workload itself; else "group/version/plural/namespace/name"
};

struct Target {  // what a workload instance serves
  std::string group, plural, kind;
  std::vector<std::string> versions;    // in order of preference
  std::vector<std::string> companions;  // "apps/v1/replicasets"
  std::vector<std::string> related;     // "source.toolkit.fluxcd.io/helmrepositories"
};

struct Rollout {  // how far an object's present state is, as hw_rollout
  enum class State : std::int32_t { running = 0, done = 1, failed = 2, held = 3 };
  State state = State::running;
  std::int32_t ready = 0, wanted = 0;  // replicas
  std::string reason;                  // one sentence
};

struct PolicyQuery {
  std::string policy, pattern, args, repository, tag, digest, slot;
  std::string workload;  // JSON: kind, namespace, name, labels, annotations
  std::int64_t created_ms = 0;
  bool pushed = false;  // a push named these candidates: `force` may go down
};

enum class Verdict : std::int32_t { hold = 0, update = 1, ignored = 2 };
struct Judgement {  // of one candidate
  Verdict verdict = Verdict::hold;
  std::string reason;
};
struct Choice {
  Verdict verdict = Verdict::hold;
  std::size_t index = 0;              // row of the candidates, when verdict is update
  std::string why;                    // one sentence
  std::vector<Judgement> judgements;  // one per candidate, where asked for
};

struct Event {  // as hw_event
  std::int32_t severity = 2;
  std::string type, id, subject, old_reference, new_reference, text, link;
  std::int64_t unix_ms = 0;
  std::string details;  // JSON object
};

}  // namespace headwind::plugin
