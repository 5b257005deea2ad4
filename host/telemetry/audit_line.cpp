// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "core/clock.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "telemetry/audit_chain.hpp"

namespace headwind::telemetry {
namespace {

constexpr std::size_t longest_text = 1024;

}  // namespace

std::string audit_line(const AuditEntry& entry, std::int64_t unix_ms, const AuditNotes& notes, ChainHead& head) {
  nlohmann::json line{{"audit", "v1"},
                      {"ts", format_rfc3339(unix_ms)},
                      {"seq", head.sequence + 1},
                      {"prev", head.hash},
                      {"outcome", entry.done ? "done" : "failed"}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) line[name] = printable(text, longest_text);
  };
  add("action", entry.action);
  add("via", entry.via);
  add("user", entry.user);
  if (!entry.user.empty() && !entry.vouched) line["claimed"] = true;
  add("address", entry.address);
  add("userAgent", entry.user_agent);
  add("kind", entry.kind);
  add("namespace", entry.name_space);
  add("name", entry.name);
  add("from", entry.from);
  add("image", entry.image);
  add("digest", entry.digest);
  add("reason", entry.reason);
  add("process", notes.process);
  add("sink", notes.sink);
  if (notes.torn > 0) line["torn"] = notes.torn;
  if (notes.lost > 0) line["lost"] = notes.lost;
  head.hash = sha256_hex(head.hash + line.dump());
  ++head.sequence;
  line["hash"] = head.hash;
  return line.dump();
}

std::optional<ChainHead> head_of(std::string_view text) {
  AuditVerifier alone(AuditVerifier::Source::file);
  alone.begin({});
  alone.read(text, true);
  alone.end();
  if (alone.broken() || alone.entries() != 1) return std::nullopt;
  return alone.head();
}

}  // namespace headwind::telemetry
