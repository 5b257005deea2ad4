// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace headwind::app {

// The LabelSelector at spec.selector, as the query parameter labelSelector writes it. Empty where there is none.
std::string selector_of(const nlohmann::json& object);

}  // namespace headwind::app
