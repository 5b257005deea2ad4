// SPDX-License-Identifier: Apache-2.0
// What the services answer that tell who we are: Google's metadata server, Microsoft's token service, Azure's instance
// metadata and the exchange of its registries.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwind::registries {

struct IdentityToken {
  std::string value;  // printable ASCII
  std::int64_t life_ms = 0;
};

// {"access_token": "...", "expires_in": 3599}, where Azure's instance metadata writes the seconds as text. Five minutes
// where they are missing or none. Nothing where there is no token that may stand in a header.
std::optional<IdentityToken> read_access_token(std::string_view body);

// {"refresh_token": "<JWT>"} of an Azure registry. It lives as long as its own claims say, else an hour.
std::optional<IdentityToken> read_refresh_token(std::string_view body, std::int64_t now_unix_ms);

// What an OAuth error names, and Microsoft's number of it: "invalid_client AADSTS700213". Empty where it names nothing.
std::string read_oauth_error(std::string_view body);

}  // namespace headwind::registries
