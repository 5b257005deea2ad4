// SPDX-License-Identifier: Apache-2.0
#include "deploy/manifests.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "config/config.hpp"
#include "core/text.hpp"

namespace headwind::deploy {

std::filesystem::path source() {
  const char* root = std::getenv("HEADWIND_SOURCE");
  if (root == nullptr) throw std::runtime_error("HEADWIND_SOURCE is not set: run this by ctest");
  return root;
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Manifest> manifests() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(source() / "deploy"))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Manifest> all;
  for (const auto& file : files) {
    std::vector<std::string> documents(1);
    const std::string text = read_text(file);
    for (const std::string_view line : split(text, '\n')) {
      if (line == "---") {
        documents.emplace_back();
      } else {
        documents.back() += std::string(line) + "\n";
      }
    }
    for (const std::string& document : documents) {
      const Result<std::string> json = config::yaml_to_json(document);
      if (!json) throw std::runtime_error(file.filename().string() + ": " + json.error().message);
      all.push_back({file.filename().string(), nlohmann::json::parse(*json)});
    }
  }
  return all;
}

const Manifest& one(const std::vector<Manifest>& all, const std::string& kind, const std::string& name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Manifest& m) { return m.kind() == kind && m.name() == name; });
  if (found == all.end()) throw std::runtime_error("deploy/ has no " + kind + " " + name);
  return *found;
}

}  // namespace headwind::deploy
