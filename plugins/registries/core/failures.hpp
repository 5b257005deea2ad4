// SPDX-License-Identifier: Apache-2.0
// What a registry's answer means for us, as one sentence: who answered what, for which repository, and what to do.
#pragma once
#include <string>

#include "registries/core/outcome.hpp"
#include "registries/core/target.hpp"

namespace headwind::registries {

// Milliseconds that the answer asks us to wait, by Retry-After or Docker Hub's X-Retry-After; 0: it does not say.
std::int64_t wait_of(const Response& response, Transport& transport);

// The first error code of an error body, where there is one: "MANIFEST_UNKNOWN".
std::string error_code(const Response& response);

// `answered` begins the sentence. Tells whether a credential is missing, was refused, or does not suffice (`known`).
Failure access_denied(const Target& target, const std::string& answered, bool known);

// Of any answer other than a success. `what` was asked for: "the tags of ghcr.io/org/app".
Failure failure_of(const Response& response, const Target& target, const std::string& what, Transport& transport);

// What the registry says makes no sense, so it is not acted upon. HW_UNAVAILABLE, to be asked again soon: after
// HW_INVALID the host would give up an announced tag for good, and take an image's platforms for unknown.
Failure doubt(const Target& target, const std::string& why, const std::string& what);

// The same of a list of tags. The registry is there and contradicts itself, which is no outage: HW_INVALID, counted by
// the host as not believed and read again when its interval has passed.
Failure broken_list(const Target& target, const std::string& why, const std::string& what);

// Somebody deleted something between two pages, as people and retention rules do. HW_CONFLICT: the list is to be read
// again soon, and neither is the registry away nor did it say anything odd.
Failure changed_list(const Target& target, const std::string& what);

}  // namespace headwind::registries
