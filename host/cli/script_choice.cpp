// SPDX-License-Identifier: Apache-2.0
#include "cli/script_choice.hpp"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "core/text.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::json;

constexpr const char* notifier_in_python = "headwind.notifier.python";
constexpr std::size_t longest_script = 1U << 20U;  // as the plugin has it
constexpr std::size_t most_secrets = 32;           // as the plugin's schema has it

Error mistake(std::string sentence) { return make_error(Code::invalid, std::move(sentence)); }

// Where a line begins with "def send(" or "class send", the script is a notifier.
bool defines(const std::string& script, const std::string& name) {
  for (const std::string_view line : split(script, '\n'))
    for (const std::string_view word : {"def ", "class ", "async def "})
      if (line.starts_with(word) && line.substr(word.size()).starts_with(name)) {
        const std::string_view rest = line.substr(word.size() + name.size());
        if (rest.empty() || std::string_view("(: ").find(rest.front()) != std::string_view::npos) return true;
      }
  return false;
}

std::set<std::string> secrets_read_in(const std::string& script) {
  static const std::regex reading(R"re(secrets(?:\.get\(|\[)\s{0,8}["']([^"'\\\n]{1,128})["'])re");
  std::set<std::string> out;
  for (std::sregex_iterator at(script.begin(), script.end(), reading), end; at != end && out.size() < most_secrets;
       ++at)
    out.insert((*at)[1].str());
  return out;
}

Result<std::string> read_script(const std::string& file) {
  std::error_code failure;
  if (std::filesystem::is_directory(file, failure))
    return mistake("the script " + printable(file, 500) + " is a directory: name the file in it");
  std::ifstream in(file, std::ios::binary);
  if (!in) return mistake("the script " + printable(file, 500) + " cannot be opened: see whether it is there");
  std::string script;
  for (char byte = 0; script.size() <= longest_script && in.get(byte);) script += byte;
  return script;
}

}  // namespace

bool is_script(const std::string& plugin) { return plugin.ends_with(".py"); }

Result<> choose_script(const PluginChoice& choice, ChosenPlugin& out) {
  const Result<std::string> script = read_script(choice.plugin);
  if (!script) return script.error();
  const bool notifies = choice.callable.empty() ? defines(*script, "send") : choice.callable == "send";
  if (out.id.empty()) out.id = notifies && !defines(*script, "choose") ? notifier_in_python : kPolicyInPython;
  Json settings{{"file", std::filesystem::absolute(choice.plugin).lexically_normal().string()}};
  if (!choice.callable.empty()) settings["callable"] = choice.callable;
  if (out.id == notifier_in_python) {
    std::set<std::string> names = choice.secrets_made_up ? secrets_read_in(*script) : std::set<std::string>();
    for (const auto& [name, value] : out.secrets) names.insert(name);
    settings["secrets"] = names;
  }
  if (!choice.settings.empty()) {
    const Json more = Json::parse(choice.settings, nullptr, false);
    if (!more.is_object()) return mistake("--settings is no JSON object, such as '{\"seconds\": 2}'");
    settings.update(more);
  }
  out.settings = {{out.id, settings.dump(-1, ' ', false, Json::error_handler_t::replace)}};
  out.script = true;
  return {};
}

}  // namespace headwind::cli
