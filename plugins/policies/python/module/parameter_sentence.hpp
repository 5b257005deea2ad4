// SPDX-License-Identifier: Apache-2.0
// What is wrong with a parameter of a policy, in words for the person who wrote the annotation.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace headwind::python {

// "stages[0].hours: it is "noon"; it must be a whole number". `path`: the keys and indexes down to the value that a
// validator refused. Values are told: an annotation is no place for secrets. Where none of the rules that are known
// here says why, the part of the schema is quoted; where they do not lead to the value, the validator's `description`.
std::string parameter_sentence(const nlohmann::json& schema, const nlohmann::json& parameters,
                               const std::vector<std::string>& path, const std::string& description);

}  // namespace headwind::python
