// SPDX-License-Identifier: Apache-2.0
// An index.yaml, from bytes to what is kept of it, without ever being whole in memory. It may be JSON, too.
#pragma once
#include "registries/core/outcome.hpp"
#include "registries/helm/chart_index.hpp"
#include "registries/helm/index_builder.hpp"
#include "registries/helm/index_bytes.hpp"

namespace headwind::registries::helm {

// HW_INVALID where it is no index, or beyond a limit; the message is the rest of a sentence that the index begins.
Outcome<ChartIndex> parse_index(ByteSource& source);

// The two notations. They feed the builder until it refuses or the bytes end.
void parse_yaml(IndexBytes& bytes, IndexBuilder& builder);
void parse_json(IndexBytes& bytes, IndexBuilder& builder);

}  // namespace headwind::registries::helm
