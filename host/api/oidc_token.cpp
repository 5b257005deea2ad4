// SPDX-License-Identifier: Apache-2.0
#include "api/oidc_token.hpp"

#include <simdjson.h>

#include "core/hash.hpp"
#include "core/text.hpp"

namespace headwind::api {
namespace {

using Value = simdjson::simdjson_result<simdjson::dom::element>;

Error malformed() { return make_error(Code::denied, "The bearer token is no JSON Web Token."); }

std::string text_of(const Value& value) {
  std::string_view text;
  return value.get(text) ? std::string() : std::string(text);
}

// A part without padding, and in the alphabet of URLs only: what is signed has one spelling.
bool decode(std::string_view part, std::string& out) {
  return !part.empty() && part.find_first_of("+/=") == std::string_view::npos && base64_decode(part, out);
}

// `parser` owns what the object refers to.
bool read_object(simdjson::dom::parser& parser, const std::string& json, simdjson::dom::object& out) {
  constexpr std::size_t max_depth = 16;
  return !parser.allocate(json.size(), max_depth) && !parser.parse(json).get(out);
}

// Whole seconds; some issuers send fractions.
std::optional<std::int64_t> seconds_of(const Value& value) {
  double seconds = 0;
  constexpr double kYear9999 = 253'402'300'799;
  if (value.get(seconds) || !(seconds >= 0) || seconds > kYear9999) return std::nullopt;
  return static_cast<std::int64_t>(seconds);
}

std::vector<std::string> audiences_of(const Value& value) {
  simdjson::dom::array list;
  if (value.get(list)) return {text_of(value)};
  std::vector<std::string> all;
  for (const simdjson::dom::element item : list) all.push_back(text_of(Value(simdjson::dom::element{item})));
  return all;
}

bool truth_of(const Value& value) {
  bool truth = false;
  return value.get(truth) ? text_of(value) == "true" : truth;
}

}  // namespace

Result<OidcToken> read_token(std::string_view text) {
  if (text.size() > kLongestToken) return make_error(Code::denied, "The bearer token is longer than 16 KiB.");
  const std::vector<std::string_view> parts = split(text, '.');
  OidcToken token;
  std::string header, claims;
  if (parts.size() != 3 || !decode(parts[0], header) || !decode(parts[1], claims)) return malformed();
  if (!parts[2].empty() && !decode(parts[2], token.signature)) return malformed();
  token.signed_part = text.substr(0, parts[0].size() + 1 + parts[1].size());
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (!read_object(parser, header, object)) return malformed();
  token.algorithm = text_of(object["alg"]);
  token.key_id = text_of(object["kid"]);
  if (object["crit"].error() == simdjson::SUCCESS) return malformed();  // an extension that we would have to know
  if (!read_object(parser, claims, object)) return malformed();
  token.issuer = text_of(object["iss"]);
  token.subject = text_of(object["sub"]);
  token.email = text_of(object["email"]);
  token.email_verified = truth_of(object["email_verified"]);
  token.audiences = audiences_of(object["aud"]);
  token.expires_s = seconds_of(object["exp"]);
  token.not_before_s = seconds_of(object["nbf"]);
  token.issued_s = seconds_of(object["iat"]);
  return token;
}

}  // namespace headwind::api
