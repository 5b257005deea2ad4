// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "inventory/workload.hpp"

namespace headwind::update {

// What makes two requests the same one: the first 32 hex digits of a hash over target uid, slot, image and digest
// (a whole SHA-256 is one character too long for a label).
std::string request_identity(std::string_view target_uid, std::string_view slot, std::string_view new_image,
                             std::string_view digest);

// The object's name as Headwind 0.1.x gave it, where that is valid; else a valid one that ends in a hash of
// `identity`. `collided` asks for the hashed form: the plain name is taken by another request.
std::string request_name(const inventory::WorkloadKey& target, std::string_view container, std::string_view tag,
                         std::string_view identity, bool collided);

}  // namespace headwind::update
