// SPDX-License-Identifier: Apache-2.0
// One HTTP exchange, and waiting, as a script would do both.
#pragma once
#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "net/http.hpp"

namespace headwind::end_to_end {

using Json = nlohmann::json;

struct Reply {
  unsigned status = 0;  // 0: no answer; then `body` says why
  net::Headers headers;
  std::string body;
  Json json() const { return Json::parse(body, nullptr, false); }
};

Reply call(const std::string& method, const std::string& url, const std::string& body = {}, net::Headers headers = {});

struct Ended {
  int status = -1;   // -1: it could not be started
  std::string text;  // both streams
};

// Runs a command line of the shell to its end.
Ended run_shell(const std::string& command);

// Asks until `condition` holds. False after a time that no healthy run needs: the test hangs no longer.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds limit = std::chrono::seconds(60));

}  // namespace headwind::end_to_end
