// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "core/async.hpp"
#include "update/context.hpp"

namespace headwind::update {

// Asks the registry, once per push, whether the tag exists and what it names; then queues the workloads that run the
// repository. A tag that is not there yet is asked for again for some minutes; a registry that does not answer, until
// it does. Start it only where none is under way for the key.
void confirm(Context& context, const std::string& key);

}  // namespace headwind::update
