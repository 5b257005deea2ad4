// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <functional>
#include <string>

namespace headwind::notifiers {

struct Attempt {
  int status = 0;                            // of HTTP; 0: no answer
  std::string problem;                       // one sentence, where there was no answer
  std::chrono::milliseconds retry_after{0};  // as the receiver asked; 0: it did not
  bool ok() const { return status >= 200 && status < 300; }
};

// One attempt and up to `max_retries` more, after 1, 2, 4, ... seconds or what the receiver asked for if that is
// longer. Every failure is tried again, 4xx too. `pause` answers false where there is no time left: the last attempt
// then stands.
Attempt try_repeatedly(int max_retries, const std::function<Attempt()>& attempt,
                       const std::function<bool(std::chrono::milliseconds)>& pause);

}  // namespace headwind::notifiers
