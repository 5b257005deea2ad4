// SPDX-License-Identifier: Apache-2.0
// A bearer token and a key set from strangers. The first line is the token: parts with a dot between them, sent as they
// are, or, where it begins with '{', as JSON of header and claims with a tab between, to be encoded here. The rest is
// the key set. No token ever passes: none of these is signed by the one key that the gate knows.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <cstdlib>

#include "api/oidc.hpp"
#include "api/oidc_world.hpp"
#include "core/text.hpp"

using namespace headwind;

namespace {

struct StillClock final : Clock {
  std::int64_t unix_ms() const override { return 1'762'425'000'000; }
  std::int64_t mono_ms() const override { return 1'000; }
};

std::string token_from(std::string_view line) {
  if (!line.starts_with('{')) return std::string(line);
  const std::size_t tab = std::min(line.find('\t'), line.size());
  const std::string claims(line.substr(std::min(tab + 1, line.size())));
  return api::base64_url(std::string(line.substr(0, tab))) + "." + api::base64_url(claims) + ".c2lnbmVk";
}

Task<Result<std::string>> known_keys(std::string) { co_return api::key_set({&api::first_key()}); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const StillClock clock;
  api::OidcRules rules;
  rules.audience = "a";
  rules.email = "e";
  static const api::OidcGate gate(rules, known_keys, clock);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string token = token_from(input.substr(0, end));

  const auto read = api::read_token(token);
  if (!read && (read.error().code != Code::denied || read.error().message.empty())) std::abort();
  const auto keys = api::KeySet::parse(input.substr(std::min(end + 1, input.size())));
  if (!keys && keys.error().code != Code::invalid) std::abort();
  if (read && keys && keys->verifies(*read)) std::abort();  // nobody signs by guessing

  boost::asio::io_context loop;
  bool refused = false;
  boost::asio::co_spawn(loop, gate.refuse("Bearer " + token),
                        [&](const std::exception_ptr& failure, const std::optional<Error>& why) {
                          if (failure) std::abort();
                          refused = why && why->code == Code::denied && !why->message.empty();
                        });
  loop.run();
  if (!refused) std::abort();
  return 0;
}
