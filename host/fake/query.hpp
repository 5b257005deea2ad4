// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headwind::fake {

// "%2F" to "/"; a broken escape stays as it is. `plus_is_space` for queries and forms.
std::string percent_decode(std::string_view text, bool plus_is_space = false);
std::string percent_encode(std::string_view text);

// The parameters of a query or a form, decoded, in order.
class Query {
 public:
  explicit Query(std::string_view text);
  // The first value of that name; empty where there is none.
  std::string get(std::string_view name) const;
  bool has(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace headwind::fake
