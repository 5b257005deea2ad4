// SPDX-License-Identifier: Apache-2.0
#include "kube/status.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/text.hpp"

namespace headwind::kube {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kLongestMessage = 2048;

struct Status {
  std::string message, reason;
  bool causes = false;
  bool terminating = false;  // the namespace is being deleted: nothing new is taken there
  std::int64_t retry_after_seconds = 0;
};

std::string text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Status parse(const std::string& body) {
  Status status;
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return status;
  status.message = text(json, "message");
  status.reason = text(json, "reason");
  const auto details = json.find("details");
  if (details == json.end() || !details->is_object()) return status;
  const auto causes = details->find("causes");
  status.causes = causes != details->end() && causes->is_array() && !causes->empty();
  if (status.causes)
    for (const Json& cause : *causes)
      status.terminating = status.terminating || (cause.is_object() && text(cause, "reason") == "NamespaceTerminating");
  const auto seconds = details->find("retryAfterSeconds");
  if (seconds != details->end() && seconds->is_number_integer())
    status.retry_after_seconds = seconds->get<std::int64_t>();
  return status;
}

Code code_of(unsigned status, const Status& body) {
  switch (status) {
    case 401: return Code::unavailable;  // about our credential, never about the object: it may be mended any moment
    case 403: return body.terminating ? Code::not_found : Code::denied;
    case 404:
    case 410: return Code::not_found;
    case 409: return Code::conflict;
    case 422: return body.causes ? Code::invalid : Code::conflict;
    case 429: return Code::throttled;
    default: return status >= 500 ? Code::unavailable : Code::invalid;
  }
}

}  // namespace

std::chrono::milliseconds retry_after(const net::Response& response) {
  constexpr std::int64_t kMost = 24 * 3600;
  const std::string_view header = trim(net::find_header(response.headers, "Retry-After"));
  std::int64_t seconds = 0;
  const auto read = std::from_chars(header.data(), header.data() + header.size(), seconds);
  // A date is not what this server sends; its body says it again.
  if (header.empty() || read.ec != std::errc() || read.ptr != header.data() + header.size())
    seconds = parse(response.body).retry_after_seconds;
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kMost));
}

Error error_from(const net::Response& response, std::string_view method, std::string_view path) {
  const Status body = parse(response.body);
  std::string message = body.message.empty() ? "the API server gave no reason" : body.message;
  if (response.status == 422 && !body.causes)
    message =
        "a test of the patch failed, so the object was changed meanwhile, or a pointer of it is wrong; read the "
        "object again (" +
        message + ")";
  if (response.status == 401) message += "; check the credentials that Headwind uses for the API server";
  message = printable(message, kLongestMessage) + " (HTTP " + std::to_string(response.status) + " to " +
            std::string(method) + " " + printable(path.substr(0, path.find('?')), 512) + ")";
  Error error = make_error(code_of(response.status, body), std::move(message));
  error.retry_after = retry_after(response);
  return error;
}

}  // namespace headwind::kube
