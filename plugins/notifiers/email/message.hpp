// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "notifiers/core/notice.hpp"

namespace headwind::notifiers {

struct Letterhead {
  std::string from, from_name;  // an address; a name for people, or empty
  std::vector<std::string> to;
  std::string subject_prefix;
};

struct Mail {
  std::vector<std::string> headers;  // "Subject: ...", folded, but for those of MIME
  std::string text, html;
};

// `id` makes the Message-ID: after a crash the same event may be mailed twice, and mail programs show it once.
Mail mail_of(const Notice& notice, const Letterhead& letterhead, std::string_view id);

// Text for a header, in encoded words (RFC 2047) where it is not plain ASCII; never with a line break of its own.
std::string header_text(std::string_view text);
// "Thu, 06 Nov 2025 10:30:00 +0000"
std::string mail_date(std::int64_t unix_ms);
// local@domain in ASCII, without anything that could end it.
bool is_address(std::string_view text);

}  // namespace headwind::notifiers
