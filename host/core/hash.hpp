// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace headwind {

// Lower-case hex of SHA-256.
std::string sha256_hex(std::string_view data);
// Lower-case hex of HMAC-SHA256 (RFC 2104).
std::string hmac_sha256_hex(std::string_view key, std::string_view data);
// The same with SHA-1, for senders that can do no better.
std::string hmac_sha1_hex(std::string_view key, std::string_view data);
// Compares secrets in time that depends on the lengths only.
bool equal_in_constant_time(std::string_view left, std::string_view right);
// Base64 with padding (RFC 4648, section 4).
std::string base64_encode(std::string_view data);
// Bytes of padded or unpadded base64, standard or URL alphabet; empty and false where it is neither.
bool base64_decode(std::string_view text, std::string& out);

}  // namespace headwind
