// SPDX-License-Identifier: Apache-2.0
#include "cli/command_group.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <string_view>
#include <vector>

#include "core/text.hpp"

namespace headwind::cli {
namespace {

std::string listed(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + std::string(words[i]);
  return text;
}

}  // namespace

std::string unknown_command(const CLI::App& app, const CLI::ParseError& mistake) {
  // Of a command that it does not know the library says that one is missing, or that a word is too much.
  if (dynamic_cast<const CLI::RequiredError*>(&mistake) == nullptr &&
      dynamic_cast<const CLI::ExtrasError*>(&mistake) == nullptr)
    return {};
  const CLI::App* group = &app;
  std::string title;  // "plugin call: "
  while (!group->get_subcommands().empty()) {
    group = group->get_subcommands().front();
    title += (title.empty() ? "" : " ") + group->get_name();
  }
  if (!title.empty()) title += ": ";
  std::vector<std::string_view> known;
  for (const CLI::App* command : group->get_subcommands([](const CLI::App*) { return true; }))
    known.emplace_back(command->get_name());
  if (known.empty()) return {};
  const std::vector<std::string> words = group->remaining();
  if (words.empty())
    return group->get_require_subcommand_min() == 0 ? "" : title + "name a command: there are " + listed(known);
  const std::string word = title + "'" + printable(words.front(), 100) + "'";
  if (words.front().starts_with('-')) return word + " is no option";
  const std::string_view near = nearest(words.front(), known);
  return word + " is no command" + (near.empty() ? "" : " (did you mean '" + std::string(near) + "'?)") +
         "; there are " + listed(known);
}

}  // namespace headwind::cli
