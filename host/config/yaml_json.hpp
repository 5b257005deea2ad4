// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "config/yaml.hpp"

namespace headwind::config {

// Plain scalars become what kubectl makes of them: null, booleans, integers (decimal, 0x, 0o, and octal by a leading
// zero), floating-point numbers, else strings (yes and on, too). Quoted ones are strings. Refuses numbers that JSON has
// no word for.
boost::system::result<std::string, YamlMistake> to_json(const YamlNode& node);

// Each document of a YAML stream (a manifest file) as JSON text; empty documents are left out.
Result<std::vector<std::string>> yaml_stream_to_json(std::string_view yaml);

}  // namespace headwind::config
