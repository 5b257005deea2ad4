// SPDX-License-Identifier: Apache-2.0
#include "notifiers/pagerduty/message.hpp"

#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>

#include "notifiers/core/text.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;
constexpr std::size_t max_summary = 1024, max_key = 255;
constexpr std::string_view own_rollback = "headwind-auto-rollback";  // who asked for it, where nobody did

std::string hash(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string out;
  for (unsigned int i = 0; i < size; ++i) {
    out += "0123456789abcdef"[digest[i] >> 4];
    out += "0123456789abcdef"[digest[i] & 15];
  }
  return out;
}

const char* severity_of(const Notice& notice) {
  if (notice.name == "rollback_failed") return "critical";
  return notice.name == "rollback_triggered" ? "warning" : "error";
}

// What an on-call person reads first: what, where, and why.
std::string summary_of(const Notice& notice) {
  std::string summary = notice.title;
  if (!notice.container.empty()) summary += " (" + notice.container + ")";
  if (!notice.new_image.empty()) summary += ", " + notice.new_image;
  if (!notice.error.empty()) summary += ": " + notice.error;
  return rewrite(summary, max_summary,
                 [](char, char c) { return c == '\n' ? std::string_view(" ") : std::string_view(); });
}

}  // namespace

PagerAction pager_action(const Notice& notice, bool changes) {
  const std::string& name = notice.name;
  if (name == "update_failed" || name == "rollback_failed") return PagerAction::trigger;
  if (name == "rollback_triggered")
    return notice.approved_by == own_rollback ? PagerAction::trigger : PagerAction::none;
  if (name == "rollout_completed" || name == "rollback_completed") return PagerAction::resolve;
  return name == "update_completed" && changes ? PagerAction::change : PagerAction::none;
}

std::string dedup_key(std::string_view source, const Notice& notice) {
  std::string key = std::string(source) + " " + notice.kind + " " + notice.workspace + "/" + notice.workload;
  if (!notice.container.empty()) key += " " + notice.container;
  const bool plain = shorten(key, unlimited) == key;
  return plain && key.size() <= max_key ? key : hash(key);
}

std::string pager_message(const Notice& notice, PagerAction action, std::string_view routing_key,
                          std::string_view source) {
  json message = {{"routing_key", routing_key}};
  if (action == PagerAction::trigger || action == PagerAction::resolve) {
    message["event_action"] = action == PagerAction::trigger ? "trigger" : "resolve";
    message["dedup_key"] = dedup_key(source, notice);
  }
  if (action != PagerAction::resolve) {
    json details = json::object();
    for (const Fact& fact : facts_of(notice, 2000)) details[fact.label] = fact.value;
    json payload = {{"summary", summary_of(notice)},
                    {"source", source},
                    {"timestamp", format_timestamp(notice.unix_ms)},
                    {"custom_details", details}};
    if (action == PagerAction::trigger) {
      payload["severity"] = severity_of(notice);
      payload["class"] = notice.type;
      payload["group"] = shorten(notice.workspace, max_key);
      payload["component"] = shorten(notice.workload, max_key);
      message["client"] = "Headwind";
      if (!notice.dashboard_url.empty()) message["client_url"] = notice.dashboard_url;
    }
    message["payload"] = payload;
    if (!notice.dashboard_url.empty()) {
      const json link = {{"href", notice.dashboard_url}, {"text", "View in Dashboard"}};
      message["links"] = json::array({link});
    }
  }
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace headwind::notifiers
