// SPDX-License-Identifier: Apache-2.0
// What the notifiers share at the plugin's edge: the hook's URL, the request, and what its answer means.
#pragma once
#include <chrono>
#include <headwind/sdk.hpp>
#include <string>
#include <string_view>

#include "notifiers/core/notice.hpp"

namespace headwind::notifiers {

// The granted secret "url", without the line break that files end with; hw::error where it is no http(s) URL.
std::string read_url(const hw::call& call, const hw::secrets& secrets);
// The granted secret `name`, trimmed; hw::error where it is not granted: it must hold `what`.
std::string read_secret(const hw::call& call, const hw::secrets& secrets, std::string_view name, std::string_view what);
std::string trimmed(std::string_view text);

// A JSON body; gives up on an answer of more than 1 MiB.
hw::http_response post(const hw::call& call, const hw::http& http, std::string url, std::string body);

// How long to wait after an answer: what its body says (wanted_pause of answers.hpp), which may be more exact, before
// its header. 0 for a success.
std::chrono::milliseconds pause_after(const hw::http_response& answer);

// Throws for what is no success. 429, 408 and 5xx may work later, no sooner than `wait`; anything else never will, and
// the sentence ends with the remedy.
void check_chat_answer(int status, std::chrono::milliseconds wait, std::string_view peer,
                       std::string_view remedy = "check the hook's URL and its permissions");

// From the event's details, or from its own members where it has none.
Notice notice_of(const hw::event& event);

}  // namespace headwind::notifiers
