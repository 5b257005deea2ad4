// SPDX-License-Identifier: Apache-2.0
#include "testbed/audit_log.hpp"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/clock.hpp"

namespace headwind::testbed {
namespace {

std::string text(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool matches(const AuditFilter& filter, const AuditEntry& entry) {
  return (filter.verb.empty() || filter.verb == entry.verb) &&
         (filter.resource.empty() || filter.resource == entry.resource) &&
         (filter.name_space.empty() || filter.name_space == entry.name_space) &&
         (filter.user.empty() || filter.user == entry.user) && entry.user_agent.starts_with(filter.user_agent);
}

AuditEntry entry_from(const nlohmann::json& event) {
  AuditEntry entry;
  entry.verb = text(event, "verb");
  entry.uri = text(event, "requestURI");
  entry.user_agent = text(event, "userAgent");
  entry.user = text(event.value("user", nlohmann::json::object()), "username");
  const nlohmann::json object = event.value("objectRef", nlohmann::json::object());
  entry.resource = text(object, "resource");
  if (const std::string subresource = text(object, "subresource"); !subresource.empty())
    entry.resource += "/" + subresource;
  entry.name_space = text(object, "namespace");
  entry.name = text(object, "name");
  entry.code = event.value("responseStatus", nlohmann::json::object()).value("code", 0);
  if (const auto body = event.find("requestObject"); body != event.end()) entry.body = body->dump();
  if (const auto received = parse_rfc3339(text(event, "requestReceivedTimestamp"))) entry.received_ms = *received;
  return entry;
}

}  // namespace

std::uint64_t AuditLog::mark() const {
  std::error_code missing;
  const std::uintmax_t size = std::filesystem::file_size(file_, missing);
  return missing ? 0 : size;
}

std::vector<AuditEntry> AuditLog::entries(const AuditFilter& filter, std::uint64_t since) const {
  std::vector<AuditEntry> result;
  // A watch is written twice: when it starts and when it ends. By audit id, its place in `result`.
  std::map<std::string, std::size_t> seen;
  std::ifstream file(file_, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(since));
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json event = nlohmann::json::parse(line, nullptr, false);
    if (!event.is_object()) continue;  // the line that is being written
    const auto [known, first] = seen.emplace(text(event, "auditID"), result.size());
    if (!first && known->second < result.size() && text(event, "stage") == "ResponseComplete")
      result[known->second].ended = true;
    if (!first) continue;
    AuditEntry entry = entry_from(event);
    // The end of a watch that began before `since`. A refused one has no other line.
    const bool began_before =
        since != 0 && entry.verb == "watch" && entry.code < 400 && text(event, "stage") != "ResponseStarted";
    if (!began_before && matches(filter, entry))
      result.push_back(std::move(entry));
    else
      known->second = std::string::npos;
  }
  return result;
}

std::size_t AuditLog::count(const AuditFilter& filter, std::uint64_t since) const {
  return entries(filter, since).size();
}

}  // namespace headwind::testbed
