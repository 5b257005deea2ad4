// SPDX-License-Identifier: Apache-2.0
// What chat services and whoever stands in for them may answer, and text of strangers on its way to them.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "notifiers/core/answers.hpp"
#include "notifiers/core/text.hpp"
#include "notifiers/teams/message.hpp"

namespace notifiers = headwind::notifiers;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto pause = notifiers::wanted_pause(body);
  if (pause.count() < 0 || pause.count() > 86'400'000) std::abort();
  notifiers::moved_chat(body);
  if (const int status = notifiers::hidden_status(body); status != 0 && (status < 400 || status > 599)) std::abort();
  // What was shortened is text, fits, and stays as it is.
  const std::string once = notifiers::shorten(body, 100);
  if (once.size() > 300 || notifiers::shorten(once, 100) != once) std::abort();
  for (const auto& escaped : {notifiers::escape_slack(body, 50), notifiers::escape_html(body, 50),
                              notifiers::escape_markdown(body, 50), notifiers::escape_chat_markdown(body, 50)})
    if (escaped.size() > 150 || notifiers::shorten(escaped, 50) != escaped) std::abort();
  return 0;
}
