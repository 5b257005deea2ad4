// SPDX-License-Identifier: Apache-2.0
// Reads the fields of one YAML map by name; what nobody asked for is unknown and reported.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/report.hpp"
#include "config/values.hpp"
#include "config/yaml.hpp"

namespace headwind::config {

class MapReader {
 public:
  // Reports where `node` is not a map; it then has no fields.
  MapReader(const YamlNode& node, std::string_view path, Report& report);

  void text(std::string_view name, const std::function<Problem(std::string_view)>& set);
  void text(std::string_view name, std::string& out);
  void boolean(std::string_view name, bool& out);
  void secret(std::string_view name, SecretReference& out);
  void node(std::string_view name, const std::function<void(const YamlNode&, const std::string& path)>& read);
  // Every field, when the names are the reader's to choose.
  void each(const std::function<void(const std::string& name, const YamlNode&, const std::string& path)>& read);
  // Reports the fields that were not asked for. Call last.
  void refuse_others();

  void mistake(std::string_view sentence) { report_.add(node_, path_, sentence); }
  void mistake(const YamlNode& where, std::string_view path, std::string_view sentence) {
    report_.add(where, path, sentence);
  }

 private:
  std::string below(std::string_view name) const;

  const YamlNode& node_;
  std::string path_;
  Report& report_;
  std::vector<std::string_view> asked_;
};

// Whether it is a list; reports what is none. A null is an empty one.
bool is_list(const YamlNode& node, std::string_view path, Report& report);
// "platforms[2]"
std::string item_path(std::string_view path, std::size_t index);
// The text of a scalar; reports what is none.
const std::string* scalar(const YamlNode& node, std::string_view path, Report& report);

}  // namespace headwind::config
