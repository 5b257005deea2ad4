// SPDX-License-Identifier: Apache-2.0
#include "cli/command_group.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
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

// The commands that were chosen, the outermost first.
std::vector<const CLI::App*> chain_of(const CLI::App& app) {
  std::vector<const CLI::App*> chain{&app};
  while (!chain.back()->get_subcommands().empty()) chain.push_back(chain.back()->get_subcommands().front());
  return chain;
}

std::string title_of(const std::vector<const CLI::App*>& chain) {
  std::string title;
  for (std::size_t i = 1; i < chain.size(); ++i) title += (i == 1 ? "" : " ") + chain[i]->get_name();
  return title.empty() ? title : title + ": ";
}

// The long option that may be meant: a near one, or one that is the beginning of the word, as --lang of --language.
std::string meant_option(const std::vector<const CLI::App*>& chain, std::string word) {
  word.resize(std::min(word.find('='), word.size()));
  std::vector<std::string> names;
  for (const CLI::App* command : chain)
    for (const CLI::Option* option : command->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  const std::vector<std::string_view> known(names.begin(), names.end());
  if (const std::string_view near = nearest(word, known); !near.empty()) return std::string(near);
  for (const std::string& name : names)
    if (word.size() > 4 && name.size() > 4 && (word.starts_with(name) || name.starts_with(word))) return name;
  return {};
}

std::string no_option(const std::vector<const CLI::App*>& chain, const std::string& word) {
  const std::string near = meant_option(chain, word);
  return title_of(chain) + "'" + printable(word, 100) + "' is no option" +
         (near.empty() ? "" : " (did you mean '" + near + "'?)");
}

}  // namespace

std::string typed_command(const CLI::App& app) {
  std::string typed;
  for (const CLI::App* command : chain_of(app)) typed += (typed.empty() ? "" : " ") + command->get_name();
  return typed;
}

std::string unknown_option(const CLI::App& app, const CLI::ParseError& mistake) {
  const bool missing = dynamic_cast<const CLI::RequiredError*>(&mistake) != nullptr;
  if (!missing && dynamic_cast<const CLI::ExtrasError*>(&mistake) == nullptr) return {};
  const std::vector<const CLI::App*> chain = chain_of(app);
  const std::vector<std::string> words = app.remaining(true);
  for (const std::string& word : words)
    if (word.size() > 1 && word.starts_with('-')) return no_option(chain, word);
  if (!missing) return words.empty() ? "" : title_of(chain) + "'" + printable(words.front(), 100) + "' is too much";
  for (const CLI::Option* option : chain.back()->get_options()) {
    if (!option->get_required() || option->count() > 0 || option->get_positional()) continue;
    std::string name = option->get_name(false, true);
    if (const std::size_t comma = name.find(','); comma != std::string::npos) name.replace(comma, 1, " or ");
    return title_of(chain) + name + " is required" +
           (words.empty() ? "" : ": '" + printable(words.front(), 100) + "' stands without it");
  }
  return {};
}

std::string unknown_command(const CLI::App& app, const CLI::ParseError& mistake) {
  // Of a command that it does not know the library says that one is missing, or that a word is too much.
  if (dynamic_cast<const CLI::RequiredError*>(&mistake) == nullptr &&
      dynamic_cast<const CLI::ExtrasError*>(&mistake) == nullptr)
    return {};
  const std::vector<const CLI::App*> chain = chain_of(app);
  const CLI::App* group = chain.back();
  const std::string title = title_of(chain);  // "plugin call: "
  std::vector<std::string_view> known;
  for (const CLI::App* command : group->get_subcommands([](const CLI::App*) { return true; }))
    known.emplace_back(command->get_name());
  if (known.empty()) return {};
  const std::vector<std::string> words = group->remaining();
  if (words.empty())
    return group->get_require_subcommand_min() == 0 ? "" : title + "name a command: there are " + listed(known);
  const std::string word = title + "'" + printable(words.front(), 100) + "'";
  if (words.front().starts_with('-')) return no_option(chain, words.front());
  const std::string_view near = nearest(words.front(), known);
  return word + " is no command" + (near.empty() ? "" : " (did you mean '" + std::string(near) + "'?)") +
         "; there are " + listed(known);
}

}  // namespace headwind::cli
