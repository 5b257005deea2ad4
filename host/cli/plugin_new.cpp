// SPDX-License-Identifier: Apache-2.0
// headwind plugin new: a project of the author's own, made from sdk/templates. Its README says which file comes from
// where, and what is put in place of what.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

#include "cli/commands.hpp"
#include "cli/plugin_templates.hpp"
#include "core/result.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;  // text by name

constexpr std::array kinds{"notifier", "policy", "registry", "workload"};
constexpr std::array languages{"c", "c++", "python"};
constexpr std::size_t longest_name = 40;

// Lower-case words joined by '-', the first of which begins with a letter.
bool is_plugin_name(std::string_view name) {
  if (name.size() > longest_name || name.empty() || name.front() < 'a' || name.front() > 'z') return false;
  for (const std::string_view word : split(name, '-')) {
    if (word.empty() || word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") != std::string_view::npos)
      return false;
  }
  return true;
}

std::string mistake_in(const PluginNewOptions& options) {
  if (std::ranges::find(kinds, options.kind) == kinds.end())
    return "'" + printable(options.kind, 100) + "' is no kind of plugin: use notifier, policy, registry or workload";
  if (std::ranges::find(languages, options.language) == languages.end())
    return "--lang " + printable(options.language, 100) + " is not known: use c, c++ or python";
  if (!is_plugin_name(options.name))
    return "'" + printable(options.name, 100) +
           "' is no name for a plugin: use at most 40 lower-case letters and digits, in words joined by '-', such as "
           "pager or team-pager";
  if (options.language == "python" && options.kind != "policy" && options.kind != "notifier")
    return "a " + options.kind + " cannot be written in Python, only policies and notifiers can: use --lang c++ or c";
  return {};
}

// "team-pager" as a class has it: TeamPager.
std::string class_name(std::string_view name) {
  std::string out;
  for (const std::string_view word : split(name, '-')) {
    out += static_cast<char>(word.front() >= 'a' && word.front() <= 'z' ? word.front() - 'a' + 'A' : word.front());
    out += word.substr(1);
  }
  return out;
}

// The author's words for ours, in a path and in a text alike.
std::string made_out_of(std::string_view text, const PluginNewOptions& options) {
  std::string words = options.name;
  std::ranges::replace(words, '-', '_');
  // Of two that fit at a place, the first.
  const std::array<std::pair<std::string_view, std::string>, 5> rules{
      {{"sample-kind", options.name + "-" + options.kind},
       {"sample_kind", words + "_" + options.kind},
       {"sample_", words + "_"},
       {"sample", options.name},
       {"Sample", class_name(options.name)}}};
  std::string out;
  while (!text.empty()) {
    const auto rule = std::ranges::find_if(rules, [&](const auto& one) { return text.starts_with(one.first); });
    if (rule != rules.end()) {
      out += rule->second;
      text.remove_prefix(rule->first.size());
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

// The project belongs to its author, not to us.
std::string_view without_licence(std::string_view text) {
  const std::size_t end = text.find('\n');
  const bool ours = text.substr(0, end).find("SPDX-License-Identifier") != std::string_view::npos;
  return ours ? text.substr(end + 1) : text;
}

Files project_of(const PluginNewOptions& options) {
  Files files;
  for (const std::string& part : {options.language, options.kind, options.kind + "/" + options.language}) {
    for (const Template& one : templates()) {
      const std::size_t slash = one.path.rfind('/');
      if (one.path.substr(0, slash) != part) continue;
      const std::string name = made_out_of(one.path.substr(slash + 1), options);
      files[name == "gitignore" ? ".gitignore" : name] = made_out_of(without_licence(one.text), options);
    }
  }
  return files;
}

Result<> write_new(const fs::path& directory, const Files& files) {
  std::error_code failure;
  // Not made with its parents, and never one that is there: nothing of anybody's is written over.
  if (!fs::create_directory(directory, failure)) {
    const std::string name = printable(directory.string(), 256);
    return make_error(Code::conflict, failure ? "the directory " + name + " cannot be made: " + failure.message()
                                              : name + " exists already: choose another name, or another --dir");
  }
  for (const auto& [name, text] : files) {
    std::ofstream out(directory / name, std::ios::binary);
    out << text;
    if (!out.flush())
      return make_error(Code::unavailable, printable((directory / name).string(), 256) + " cannot be written");
  }
  return {};
}

}  // namespace

int plugin_new_command(const PluginNewOptions& options) {
  if (const std::string mistake = mistake_in(options); !mistake.empty()) return complain(mistake, wrong_usage);
  const fs::path directory = options.directory.empty() ? options.name : options.directory;
  const Files files = project_of(options);
  if (const Result<> written = write_new(directory, files); !written) return complain(written.error().message, failed);
  for (const auto& [name, text] : files) std::puts((directory / name).c_str());
  std::puts("README.md there says how to build, test and configure it.");
  return done;
}

}  // namespace headwind::cli
