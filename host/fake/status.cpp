// SPDX-License-Identifier: Apache-2.0
#include "fake/status.hpp"

namespace headwind::fake {
namespace {

std::string_view usual_reason(unsigned code) {
  switch (code) {
    case 400: return "BadRequest";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "NotFound";
    case 405: return "MethodNotAllowed";
    case 409: return "Conflict";
    case 410: return "Expired";
    case 415: return "UnsupportedMediaType";
    case 422: return "Invalid";
    case 429: return "TooManyRequests";
    case 500: return "InternalError";
    case 503: return "ServiceUnavailable";
    case 504: return "Timeout";
    default: return "";
  }
}

Json details(const ResourceType& type, std::string_view name, std::string_view kind) {
  Json out = {{"kind", kind}};
  if (!name.empty()) out["name"] = name;
  if (!type.group.empty()) out["group"] = type.group;
  return out;
}

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

}  // namespace

Failure failure(unsigned code, std::string_view message, std::string_view reason) {
  if (reason.empty()) reason = usual_reason(code);
  Json status = {{"kind", "Status"},    {"apiVersion", "v1"}, {"metadata", Json::object()},
                 {"status", "Failure"}, {"message", message}, {"code", code}};
  if (!reason.empty()) status["reason"] = reason;
  return {code, std::move(status), 0};
}

Failure not_found(const ResourceType& type, std::string_view name) {
  Failure out = failure(404, type.qualified_name() + " " + quoted(name) + " not found");
  out.status["details"] = details(type, name, type.plural);
  return out;
}

Failure already_exists(const ResourceType& type, std::string_view name) {
  Failure out = failure(409, type.qualified_name() + " " + quoted(name) + " already exists", "AlreadyExists");
  out.status["details"] = details(type, name, type.plural);
  return out;
}

Failure conflict(std::string_view qualified_name, const ResourceType& type, std::string_view name,
                 std::string_view why) {
  Failure out = failure(409, "Operation cannot be fulfilled on " + std::string(qualified_name) + " " + quoted(name) +
                                 ": " + std::string(why));
  out.status["details"] = details(type, name, qualified_name.starts_with(type.kind) ? type.kind : type.plural);
  return out;
}

Failure modified(const ResourceType& type, std::string_view name) {
  return conflict(type.qualified_name(), type, name,
                  "the object has been modified; please apply your changes to the latest version and try again");
}

Failure invalid(const ResourceType& type, std::string_view name, const std::vector<Cause>& causes) {
  std::string sentences;
  Json list = Json::array();
  for (const Cause& cause : causes) {
    sentences += (sentences.empty() ? "" : ", ") + cause.field + ": " + cause.message;
    list.push_back({{"reason", cause.reason}, {"message", cause.message}, {"field", cause.field}});
  }
  if (causes.size() > 1) sentences = "[" + sentences + "]";
  Failure out = failure(422, type.qualified_kind() + " " + quoted(name) + " is invalid: " + sentences);
  out.status["details"] = details(type, name, type.kind);
  out.status["details"]["causes"] = std::move(list);
  return out;
}

Failure patch_refused() {
  Failure out = failure(422, "the server rejected our request due to an error in our request");
  out.status["details"] = Json::object();
  return out;
}

Failure expired(std::string_view message) { return failure(410, message); }

}  // namespace headwind::fake
