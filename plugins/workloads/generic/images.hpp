// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "workloads/generic/settings.hpp"

namespace headwind::workloads::generic {

inline constexpr std::size_t max_images = 256;  // of one object

// The places that the rules find, in their order. One that cannot be used is passed over: a value that is no text, is
// empty, has control characters or is longer than 1024 bytes; a tag without a repository; a slot longer than 256 bytes,
// or one that another place has already. False, with one sentence, where the text is no object of the kind.
bool read_images(std::string_view object, const Settings& settings, std::vector<hw::image>& out, std::string& error);

}  // namespace headwind::workloads::generic
