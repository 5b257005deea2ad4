// SPDX-License-Identifier: Apache-2.0
#include "app/inbox_store.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/hash.hpp"
#include "kube/config_map.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

constexpr std::string_view name = "headwind-inbox";

std::string data_key(const std::string& hint_key) { return "hint-" + sha256_hex(hint_key).substr(0, 32); }

std::string_view text_of(update::Origin origin) {
  return origin == update::Origin::webhook ? "webhook" : origin == update::Origin::polling ? "polling" : "sweep";
}

std::string write_hint(const update::Hint& hint) {
  json object = {{"repository", hint.repository},
                 {"tag", hint.tag},
                 {"origin", text_of(hint.origin)},
                 {"arrived", hint.arrived_ms}};
  if (!hint.digest.empty()) object["digest"] = hint.digest;
  if (!hint.trace.empty()) object["traceparent"] = hint.trace;
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool read_hint(std::string_view text, update::Hint& hint) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return false;
  const auto string = [&](const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  hint.repository = string("repository");
  hint.tag = string("tag");
  hint.digest = string("digest");
  hint.trace = string("traceparent");
  const std::string origin = string("origin");
  hint.origin = origin == "polling" ? update::Origin::polling
                : origin == "sweep" ? update::Origin::sweep
                                    : update::Origin::webhook;
  const auto arrived = object.find("arrived");
  if (arrived != object.end() && arrived->is_number_integer()) hint.arrived_ms = arrived->get<std::int64_t>();
  return !hint.repository.empty() && !hint.tag.empty();
}

}  // namespace

Task<Result<std::vector<update::Hint>>> ConfigMapInbox::load() {
  std::vector<update::Hint> hints;
  const Result<kube::ConfigMap> stored = co_await kube::read_config_map(client_, name_space_, std::string(name));
  if (!stored && stored.error().code == Code::not_found) co_return hints;
  if (!stored) co_return stored.error();
  for (const auto& [key, value] : stored->data) {
    update::Hint hint;
    if (read_hint(value, hint))
      hints.push_back(std::move(hint));
    else
      telemetry::warn("app", "an entry of the inbox is not understood; it is left alone", {{"key", key}});
  }
  co_return hints;
}

Task<Result<>> ConfigMapInbox::write(std::vector<update::Hint> put, std::vector<std::string> gone) {
  kube::DataChanges changes;
  for (const std::string& key : gone) changes[data_key(key)] = std::nullopt;
  for (const update::Hint& hint : put) changes[data_key(hint.key())] = write_hint(hint);
  const Result<kube::ConfigMap> kept =
      co_await kube::keep_in_config_map(client_, name_space_, std::string(name), std::move(changes));
  if (!kept) co_return kept.error();
  co_return Result<>{};
}

Task<Result<std::vector<update::Hint>>> MemoryInbox::load() { co_return std::vector<update::Hint>{}; }
Task<Result<>> MemoryInbox::write(std::vector<update::Hint>, std::vector<std::string>) { co_return Result<>{}; }

}  // namespace headwind::app
