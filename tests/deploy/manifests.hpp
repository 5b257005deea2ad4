// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace headwind::deploy {

std::filesystem::path source();                            // the root of the tree
std::string read_text(const std::filesystem::path& file);  // throws where there is none

struct Manifest {
  std::string file;
  nlohmann::json object;
  std::string kind() const { return object.value("kind", ""); }
  std::string name() const { return object["metadata"].value("name", ""); }
};

// What `kubectl apply -f deploy/` reads, in its order.
std::vector<Manifest> manifests();
// The only one of that kind and name; throws where there is none.
const Manifest& one(const std::vector<Manifest>& all, const std::string& kind, const std::string& name);

}  // namespace headwind::deploy
