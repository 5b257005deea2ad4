// SPDX-License-Identifier: Apache-2.0
// What the notifiers share at the plugin's edge: the hook's URL, and what its answer means.
#pragma once
#include <headwind/sdk.hpp>
#include <string>
#include <string_view>

#include "notifiers/core/notice.hpp"

namespace headwind::notifiers {

// The granted secret, without the line break that files end with; hw::error where it is no http(s) URL.
std::string read_url(const hw::call& call, const hw::secrets& secrets);
std::string trimmed(std::string_view text);

// Throws for what is no success. 429, 408 and 5xx may work later; anything else never will.
void check_chat_answer(int status, std::chrono::seconds retry_after, std::string_view peer);

Notice notice_of(const hw::event& event);

}  // namespace headwind::notifiers
