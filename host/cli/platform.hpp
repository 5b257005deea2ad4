// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace headwind::cli {

// "linux/amd64", "linux/arm/v7": two or three words of lower-case letters, digits, '_', '.' and '-'.
bool is_platform(std::string_view text);

// Does an image for `image` run on a node of `node`? As containerd judges: "arm64" is "arm64/v8", "arm" is "arm/v7",
// "amd64" is "amd64/v1", and a node also runs what was made for the lower variants of its architecture.
bool runs_on(std::string_view image, std::string_view node);

}  // namespace headwind::cli
