// SPDX-License-Identifier: Apache-2.0
// The names of contents.
#pragma once
#include <string>
#include <string_view>

namespace headwind::registries {

std::string sha256_digest(std::string_view body);  // "sha256:..."
// Whether the valid sha256 or sha512 digest is the body's.
bool is_digest_of(std::string_view digest, std::string_view body);

}  // namespace headwind::registries
