// SPDX-License-Identifier: Apache-2.0
// Who answered the questions of `headwind registry check`, and in whose name it was asked.
#pragma once
#include <string>
#include <vector>

#include "cli/registry_job.hpp"

namespace headwind::cli {

struct AnsweredBy {
  std::string question;           // "digest"
  std::string place, url;         // "mirror" and its URL, "registry" and its endpoint, "other" and who it was
  std::string source;             // whose name was used: "pull", "configured", "plugin", "anonymous"
  std::string holder, key, user;  // "Secret shop/regcred" or "registries.<key>", and the name there
  std::string text;               // "none: anonymous, at the mirror https://mirror.internal"
};

// One for each question that was answered.
std::vector<AnsweredBy> answered_by(const RegistryJob& job);

}  // namespace headwind::cli
