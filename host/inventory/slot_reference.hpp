// SPDX-License-Identifier: Apache-2.0
// What the texts mean that stand for versions of a slot: in its workload, in UpdateRequests and in histories. Of an
// image it is the reference ("ghcr.io/acme/web:1.2.3"), of a chart its name and version ("podinfo:6.5.4").
#pragma once
#include <string>
#include <string_view>

#include "core/image_reference.hpp"
#include "inventory/workload.hpp"

namespace headwind::inventory {

// `text` in that slot. Of a chart: its repository is the slot's, its tag what registries call that version.
Result<ImageReference> read_reference(const Slot& slot, std::string_view text);
// Its tag; empty where it cannot be read or has none.
std::string tag_in(const Slot& slot, std::string_view text);
// Whether the slot's image is `text` with a digest behind it: admission may pin what was written (decisions 12).
bool is_pinned_form(const Slot& slot, std::string_view text);
// Whether the slot runs `text`: as it was written, or pinned to `digest`, where that is known.
bool runs(const Slot& slot, std::string_view text, std::string_view digest);
// The text for another tag of `current`, as with_tag().
std::string write_reference(const Slot& slot, const ImageReference& current, std::string_view tag,
                            std::string_view digest);
// What stands at the slot's pointer where `text` is its version: all of it, or the bare version.
std::string value_of(const Slot& slot, std::string_view text);

}  // namespace headwind::inventory
