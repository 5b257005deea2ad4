// SPDX-License-Identifier: Apache-2.0
// `headwind plugin check`: would the operator be safe with this plugin?
#include "cli/plugin_check.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <array>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/plugin_choice.hpp"
#include "cli/plugin_directories.hpp"
#include "conformance/check.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

using conformance::Outcome;
using conformance::Row;

struct CheckCommand {
  PluginChoice choice;
  std::vector<std::string> only;
  unsigned seconds = 20;
  bool strict = false, json = false;
};

class Tally {
 public:
  void add(Outcome outcome) { ++counts_.at(static_cast<std::size_t>(outcome)); }
  std::size_t of(Outcome outcome) const { return counts_.at(static_cast<std::size_t>(outcome)); }
  bool good(bool strict) const { return of(Outcome::failed) == 0 && (!strict || of(Outcome::warning) == 0); }

 private:
  std::array<std::size_t, 4> counts_{};
};

void print_row(const Row& row, std::string& plugin) {
  if (row.plugin != plugin) std::printf("%s\n", row.plugin.c_str());
  plugin = row.plugin;
  const std::string& told = row.finding.sentence;
  std::string text = row.finding.outcome == Outcome::passed ? row.asks : told;
  if (row.finding.outcome == Outcome::passed && !told.empty()) text += " (" + told + ")";
  std::printf("%-8s %-12s %s\n", std::string(to_string(row.finding.outcome)).c_str(), row.check.c_str(),
              printable(text, 16U << 10U).c_str());
  std::fflush(stdout);  // the next one may take seconds, and forks
}

void print_json(const std::string& file, const std::vector<Row>& rows, bool good) {
  using Json = nlohmann::ordered_json;
  Json checks = Json::array();
  for (const Row& row : rows)
    checks.push_back({{"plugin", row.plugin.empty() ? Json(nullptr) : Json(row.plugin)},
                      {"check", row.check},
                      {"asks", row.asks},
                      {"outcome", to_string(row.finding.outcome)},
                      {"sentence", row.finding.sentence},
                      {"ms", row.took.count()}});
  const Json document{{"file", file}, {"passed", good}, {"checks", std::move(checks)}};
  std::puts(document.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

int check(const CheckCommand& command) {
  Result<ChosenPlugin> chosen = chosen_plugin(command.choice);
  if (!chosen) return complain(chosen.error().message, wrong_usage);
  conformance::CheckOptions options;
  options.file = chosen->file;
  options.executable = this_executable();
  options.plugin = chosen->id;
  options.settings = chosen->settings;
  options.secrets = chosen->secrets;
  options.script = chosen->script;
  options.only = command.only;
  options.limit = std::chrono::seconds(command.seconds);
  Tally tally;
  std::string plugin;
  if (!command.json) std::printf("%s\n", command.choice.plugin.c_str());
  const auto rows = conformance::check_file(options, [&](const Row& row) {
    tally.add(row.finding.outcome);
    if (!command.json) print_row(row, plugin);
  });
  if (!rows) return complain(rows.error().message, wrong_usage);
  const bool good = tally.good(command.strict);
  if (command.json) {
    print_json(command.choice.plugin, *rows, good);
  } else {
    std::printf("%zu passed, %zu failed, %zu with a warning, %zu skipped\n", tally.of(Outcome::passed),
                tally.of(Outcome::failed), tally.of(Outcome::warning), tally.of(Outcome::skipped));
  }
  return good ? done : failed;
}

}  // namespace

void add_plugin_check(CLI::App& plugin, std::function<int()>& command) {
  const auto options = std::make_shared<CheckCommand>();
  options->choice.secrets_made_up = true;
  CLI::App* sub = plugin.add_subcommand("check", "Try a plugin as the operator would, and worse: for its author's CI");
  add_plugin_choice(*sub, options->choice);
  sub->add_option("--only", options->only, "One check by its name; again for each")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(conformance::check_names()))
      ->type_name("CHECK");
  sub->add_flag("--strict", options->strict, "Warnings are failures");
  sub->add_option("--timeout", options->seconds, "Seconds for one check [20]")
      ->check(CLI::Range(1U, 600U))
      ->type_name("SECONDS");
  sub->add_flag("--json", options->json, "JSON instead of a table");
  sub->callback([options, &command] { command = [options] { return check(*options); }; });
}

}  // namespace headwind::cli
