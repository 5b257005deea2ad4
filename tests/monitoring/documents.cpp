// SPDX-License-Identifier: Apache-2.0
#include "documents.hpp"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>
#include <string_view>

#include "core/text.hpp"

namespace headwind::monitoring {
namespace {

using Json = nlohmann::json;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

std::string without_series_ending(std::string name) {
  for (const std::string_view ending : {"_bucket", "_count", "_sum"})
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  return name;
}

// The words in backquotes.
std::vector<std::string> quoted(const std::string& cell) {
  static const std::regex word("`([^`]+)`");
  std::vector<std::string> words;
  for (auto it = std::sregex_iterator(cell.begin(), cell.end(), word); it != std::sregex_iterator(); ++it)
    words.push_back((*it)[1].str());
  return words;
}

}  // namespace

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> dashboard_queries(const std::string& dashboard) {
  std::vector<std::string> queries;
  const Json board = Json::parse(dashboard);
  for (const Json& panel : board.at("panels"))
    for (const Json& target : panel.value("targets", Json::array())) {
      std::string query = replaced(target.at("expr"), "$__rate_interval", "10m");
      queries.push_back(replaced(replaced(query, "$__range", "10m"), "$instance", ".*"));
    }
  return queries;
}

std::set<std::string> families_in(const std::string& text) {
  static const std::regex name("\\b(headwind|process)_[a-z0-9_]*[a-z0-9]");
  std::set<std::string> families;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), name); it != std::sregex_iterator(); ++it)
    families.insert(without_series_ending(it->str()));
  return families;
}

std::map<std::string, Family> documented(const std::string& page) {
  std::map<std::string, Family> families;
  for (const std::string_view line : split(page, '\n')) {
    const auto cells = split(line, '|');
    if (cells.size() != 7) continue;  // family, type, unit, labels, meaning
    const auto names = quoted(std::string(cells[1]));
    if (names.size() != 1 || (!names[0].starts_with("headwind_") && !names[0].starts_with("process_"))) continue;
    Family& family = families[names[0]];
    family.type = trim(cells[2]);
    for (const std::string& label : quoted(std::string(cells[4]))) family.labels.insert(label);
  }
  return families;
}

std::map<std::string, Family> served(const std::string& metrics) {
  static const std::regex label("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");
  std::map<std::string, Family> families;
  for (const std::string_view view : split(metrics, '\n')) {
    const std::string line(view);
    if (line.starts_with("# TYPE ")) {
      const auto words = split(line, ' ');
      families[std::string(words.at(2))].type = words.at(3);
    }
    if (line.empty() || line[0] == '#') continue;
    const std::string name = line.substr(0, line.find_first_of("{ "));
    const auto found = families.find(families.contains(name) ? name : without_series_ending(name));
    if (found == families.end()) continue;
    const std::size_t open = line.find('{');
    if (open == std::string::npos) continue;
    const std::string labels = line.substr(open, line.rfind('}') - open);
    for (auto it = std::sregex_iterator(labels.begin(), labels.end(), label); it != std::sregex_iterator(); ++it)
      if ((*it)[1] != "le") found->second.labels.insert((*it)[1].str());
  }
  return families;
}

}  // namespace headwind::monitoring
