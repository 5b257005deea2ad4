// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "config/config.hpp"

namespace headwind::config {

// How the meaning of one key of the file is compared: one for each key of keys(), in that order.
struct Comparison {
  std::string key;
  bool (*same)(const Config& left, const Config& right);
};
const std::vector<Comparison>& comparisons();

}  // namespace headwind::config
