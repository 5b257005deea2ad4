// SPDX-License-Identifier: Apache-2.0
// An approval or rejection as an annotation of the UpdateRequest, by the user's own name: see docs/adr/0016.
#pragma once
#include <memory>
#include <string>

#include "cli/api_way.hpp"

namespace headwind::cli {

struct Answer {
  std::string name_space, name;
  bool approve = true;
  std::string comment, digest;  // the digest is what was seen: another one is refused
};

// Writes it and waits until Headwind has counted it, at most a quarter of a minute. The UpdateRequest as it stands
// then; an error says what is missing.
Task<Result<std::string>> answer_by_annotation(std::shared_ptr<ApiWay> way, Answer answer);

}  // namespace headwind::cli
