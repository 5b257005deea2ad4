// SPDX-License-Identifier: Apache-2.0
// Keys as Amazon's services write them: the JSON of container and instance metadata, the XML of the token service.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "registries/ecr/keys.hpp"

namespace headwind::registries::ecr {

// {"AccessKeyId","SecretAccessKey","Token","Expiration"}; empty where they are not whole or not usable as headers.
std::optional<Keys> read_keys_json(std::string_view text);
// AssumeRoleWithWebIdentityResponse/AssumeRoleWithWebIdentityResult/Credentials.
std::optional<Keys> read_keys_xml(std::string_view text);
// ErrorResponse/Error/Code: "InvalidIdentityToken"; empty where there is none that is a name.
std::string read_error_xml(std::string_view text);

// A name of an exception: letters, digits, '.', '_' and '-', at most 64.
bool is_error_name(std::string_view text);

}  // namespace headwind::registries::ecr
