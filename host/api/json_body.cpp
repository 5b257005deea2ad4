// SPDX-License-Identifier: Apache-2.0
#include "api/json_body.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "api/response.hpp"
#include "core/text.hpp"

namespace headwind::api {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestDigest = 200;

// Reads the member `name` into `out`; otherwise the sentence that refuses it.
std::optional<std::string> read_text(const Json& body, const char* name, std::size_t longest,
                                     std::optional<std::string>& out) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return std::nullopt;
  if (!found->is_string()) return std::string(name) + " must be a string.";
  const auto& text = found->get_ref<const std::string&>();
  if (characters(text) > longest) {
    return std::string(name) + " must not be longer than " + std::to_string(longest) + " characters.";
  }
  out = text;
  return std::nullopt;
}

std::optional<std::string> read_index(const Json& body, std::optional<std::uint32_t>& out) {
  const auto found = body.find("index");
  if (found == body.end() || found->is_null()) return std::nullopt;
  // 1.0 is a whole number too (JSON Schema), and a double holds each of these exactly.
  const double value = found->is_number() ? found->get<double>() : -1;
  if (value < 0 || value > std::numeric_limits<std::uint32_t>::max() || value != std::floor(value)) {
    return "index must be a whole number from 0 to 4294967295.";
  }
  out = static_cast<std::uint32_t>(value);
  return std::nullopt;
}

// A member of another name is ignored, as by 0.1.x; but not one that was meant to be one of ours: a digest that is not
// compared would be an approval of whatever is there.
std::optional<std::string> misspelled(const Json& body, const std::vector<std::string_view>& known) {
  for (const auto& member : body.items()) {
    if (member.key().size() < 4 || std::ranges::find(known, member.key()) != known.end()) continue;
    if (const std::string_view meant = nearest(member.key(), known); !meant.empty())
      return "The member '" + printable(member.key(), 64) + "' is not known; did you mean '" + std::string(meant) +
             "'?";
  }
  return std::nullopt;
}

std::optional<std::string> read_members(const Json& body, OrderKind kind, OrderBody& out) {
  if (!body.is_object()) return "The body must be a JSON object.";
  auto problem = kind == OrderKind::approval ? misspelled(body, {"reason", "approver", "comment", "digest", "updates"})
                                             : misspelled(body, {"reason", "container", "user", "index"});
  if (!problem) problem = read_text(body, "reason", kLongestReason, out.reason);
  if (kind == OrderKind::approval) {
    if (!problem) problem = read_text(body, "approver", kLongestName, out.approver);
    if (!problem) problem = read_text(body, "comment", kLongestReason, out.comment);
    if (!problem) problem = read_text(body, "digest", kLongestDigest, out.digest);
    return problem;
  }
  if (!problem) problem = read_text(body, "container", kLongestName, out.container);
  if (!problem) problem = read_text(body, "user", kLongestName, out.user);
  if (!problem) problem = read_index(body, out.index);
  return problem;
}

// simdjson says yes several times sooner. What it does not take may still be JSON: a number beyond 64 bits, say.
bool is_json(std::string_view text) {
  simdjson::dom::parser parser;
  return parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS || Json::accept(text);
}

struct Trouble {
  unsigned status;
  const char* sentence;
};

std::optional<Trouble> trouble_with(const net::Headers& headers, std::string_view body) {
  if (!is_json_content_type(net::find_header(headers, "Content-Type")))
    return Trouble{415, "Send the body with `Content-Type: application/json`."};
  if (!is_json(body)) return Trouble{400, "The body is not valid JSON."};
  return std::nullopt;
}

std::optional<net::ServerResponse> read_body(const net::ServerRequest& request, Json& out) {
  if (auto refusal = problem_unless_json(request.headers, request.body)) return refusal;
  out = Json::parse(request.body, nullptr, false);  // accepted above: cannot be discarded
  return std::nullopt;
}

std::optional<std::string> read_updates(const Json& body, std::vector<update::RequestKey>& out) {
  const auto updates = body.find("updates");
  if (updates == body.end() || !updates->is_array()) return "updates must be an array of {\"namespace\", \"name\"}.";
  if (updates->size() > kMostUpdates)
    return "updates must not be more than " + std::to_string(kMostUpdates) + "; send the rest with another call.";
  for (const Json& one : *updates) {
    std::optional<std::string> name_space, name;
    auto wrong = one.is_object() ? read_text(one, "namespace", kLongestName, name_space)
                                 : std::optional<std::string>("not an object.");
    if (!wrong) wrong = read_text(one, "name", kLongestName, name);
    if (wrong || !name_space || !name || name_space->empty() || name->empty())
      return "updates[" + std::to_string(out.size()) + "] must be an object with namespace and name.";
    out.push_back({std::move(*name_space), std::move(*name)});
  }
  return std::nullopt;
}

}  // namespace

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

bool is_json_content_type(std::string_view value) {
  const std::string type = to_lower(trim(value.substr(0, value.find(';'))));
  constexpr std::string_view kPrefix = "application/";
  constexpr std::string_view kSuffix = "+json";
  if (!type.starts_with(kPrefix)) return false;
  const std::string_view subtype = std::string_view(type).substr(kPrefix.size());
  return subtype == "json" || (subtype.size() > kSuffix.size() && subtype.ends_with(kSuffix));
}

std::optional<net::ServerResponse> refuse_unless_json(const net::Headers& headers, std::string_view body) {
  if (const auto trouble = trouble_with(headers, body)) return text_response(trouble->status, trouble->sentence);
  return std::nullopt;
}

std::optional<net::ServerResponse> problem_unless_json(const net::Headers& headers, std::string_view body) {
  if (const auto trouble = trouble_with(headers, body)) return problem(trouble->status, trouble->sentence);
  return std::nullopt;
}

OrderOutcome read_order(const net::ServerRequest& request, OrderKind kind, BodyNeed need) {
  OrderOutcome outcome;
  if (need == BodyNeed::optional && request.body.empty()) return outcome;
  Json body;
  outcome.refusal = read_body(request, body);
  if (outcome.refusal) return outcome;
  if (const auto wrong = read_members(body, kind, outcome.order)) outcome.refusal = problem(422, *wrong);
  return outcome;
}

BulkOutcome read_bulk_order(const net::ServerRequest& request) {
  BulkOutcome outcome;
  Json body;
  outcome.refusal = read_body(request, body);
  if (outcome.refusal) return outcome;
  auto wrong = read_members(body, OrderKind::approval, outcome.order);
  if (!wrong) wrong = read_updates(body, outcome.updates);
  if (wrong) outcome.refusal = problem(422, *wrong);
  return outcome;
}

}  // namespace headwind::api
