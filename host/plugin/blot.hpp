// SPDX-License-Identifier: Apache-2.0
// Takes secrets out of what a plugin says, where its words enter the host: whatever repeats them later (logs, the API,
// Events, dead letters) has none to repeat. From any thread.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::plugin {

// Each occurrence of `secret` in `text` becomes "***". One of less than four bytes stays: it would be found in
// ordinary words.
void blot_out(std::string& text, std::string_view secret);

class Blot {
 public:
  // `secrets`: granted name and value. White space around a value is none of the secret.
  explicit Blot(const std::map<std::string, std::string>& secrets);
  std::string clean(std::string_view text) const;

 private:
  std::vector<std::string> values_;  // the longest first: one may be part of another
};

}  // namespace headwind::plugin
