// SPDX-License-Identifier: Apache-2.0
#include "cli/kubectl.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <utility>

#include "cli/command_group.hpp"
#include "cli/commands.hpp"
#include "cli/kubectl_complete.hpp"
#include "cli/kubectl_orders.hpp"
#include "cli/registry_job.hpp"
#include "config/config.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

constexpr std::chrono::seconds patience{90};
constexpr const char* plugin_name = "kubectl-headwind";
constexpr const char* completer_name = "kubectl_complete-headwind";

using Order = Task<int> (*)(Way, KubectlOptions);

struct Chosen {
  KubectlOptions options;
  Order order = nullptr;
};

Task<int> carry_out(Executor executor, Chosen chosen) {
  const auto way = std::make_shared<ApiWay>(executor, chosen.options.api, config::process_environment());
  static std::shared_ptr<ApiWay> kept;  // until the process ends: its connections do
  kept = way;
  if (const Result<> opened = way->open(); !opened) co_return complain(opened.error().message, wrong_usage);
  co_return co_await chosen.order(way, std::move(chosen.options));
}

CLI::App* add(CLI::App& app, Chosen& chosen, const char* name, const char* about, Order order) {
  CLI::App* command = app.add_subcommand(name, about);
  command->fallthrough();  // options after the command, too
  command->callback([&chosen, order] { chosen.order = order; });
  return command;
}

void add_words(CLI::App& command, KubectlOptions& options, const char* name, const char* about) {
  command.add_option(name, options.words, about)->required()->type_name("");
}

void add_commands(CLI::App& app, Chosen& chosen) {
  KubectlOptions& options = chosen.options;
  CLI::App* list = add(app, chosen, "list", "UpdateRequests of the namespace", list_requests);
  list->add_flag("-A,--all-namespaces", options.all_namespaces, "Those of all namespaces");
  list->add_option("--phase", options.phase, "Only these, such as Pending,Approved")->type_name("PHASES");
  add_words(*add(app, chosen, "show", "One UpdateRequest as it is stored", show_requests), options, "NAME",
            "UpdateRequests");

  CLI::App* approve =
      add(app, chosen, "approve", "Approve it; applied when as many people did as it needs", approve_requests);
  add_words(*approve, options, "NAME", "UpdateRequests");
  approve->add_option("--comment", options.comment, "Kept with the approval")->type_name("TEXT");
  approve->add_option("--digest", options.digest, "What you saw; refused where the request is about another one")
      ->type_name("DIGEST");
  CLI::App* reject =
      add(app, chosen, "reject", "Refuse it: this version and older ones are not proposed again", reject_request);
  add_words(*reject, options, "NAME", "The UpdateRequest, and then the reason");
  for (CLI::App* command : {approve, reject})
    command->add_flag("--annotate", options.annotate, "Write the answer on the UpdateRequest, not by Headwind's API");
  add_words(*add(app, chosen, "release", "Forget a rejected, failed or rolled-back version", release_requests), options,
            "NAME", "UpdateRequests");

  add_words(*add(app, chosen, "history", "What ran before, and which of it is remembered as bad", show_history),
            options, "WORKLOAD", "web, statefulset/db");
  CLI::App* rollback =
      add(app, chosen, "rollback", "Go back to the last version that is not remembered as bad", roll_back);
  add_words(*rollback, options, "WORKLOAD", "web, statefulset/db; and then the container, where it has several");
  rollback->add_option("--container", options.container, "The container")->type_name("NAME");
  rollback->add_option("--index", options.index, "Entry of the history; 0 is the newest")
      ->check(CLI::Range(0U, 1000U))
      ->type_name("N");
  for (CLI::App* command : {reject, rollback})
    command->add_option("--reason", options.reason, "Why; people are told")->type_name("TEXT");
  add_words(*add(app, chosen, "explain", "Why a workload runs what it runs, and what it waits for", explain_workload),
            options, "WORKLOAD", "web, statefulset/db");
}

int run(int argc, const char* const* argv) {
  CLI::App app("See, approve and roll back image updates.", "kubectl headwind");
  Chosen chosen;
  KubectlOptions& options = chosen.options;
  app.require_subcommand(1);
  add_api_options(app, options.api);
  app.add_option("-o,--output", options.output, "json, yaml or wide")
      ->check(CLI::IsMember({"json", "yaml", "wide"}))
      ->type_name("FORMAT");
  app.add_option("--kind", options.kind, "Of WORKLOAD, where it stands without one [Deployment]")->type_name("KIND");
  app.add_option("--approver", options.approver,
                 "Who you say you are, where the API asks nobody for a token (HEADWIND_APPROVER)")
      ->envname("HEADWIND_APPROVER")
      ->type_name("NAME");
  app.set_version_flag("--version", std::string("kubectl-headwind " HEADWIND_VERSION));
  add_commands(app, chosen);
  std::string explained;
  CLI::App* help = app.add_subcommand("help", "This text, or that of a command");
  help->add_option("COMMAND", explained, "One of the commands");
  const std::string usage = app.help();  // once a command is chosen, help() is that command's
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);
  } catch (const CLI::ParseError& mistake) {
    std::string text = mistake.what();
    text = text.substr(0, text.find('\n'));
    std::string known = unknown_command(app, mistake);
    if (known.empty()) known = unknown_option(app, mistake);
    if (!known.empty()) text = std::move(known);
    return complain(text + "; kubectl headwind help shows what there is", wrong_usage);
  }
  if (help->parsed()) {
    if (explained.empty()) {
      std::fputs(usage.c_str(), stdout);
      return done;
    }
    const auto named = app.get_subcommands([&](const CLI::App* one) { return one->get_name() == explained; });
    if (named.empty())
      return complain("there is no command '" + printable(explained, 100) + "'; kubectl headwind help lists them",
                      wrong_usage);
    std::fputs(named.front()->help("kubectl headwind").c_str(), stdout);
    return done;
  }
  run_and_leave([&](Executor executor) { return carry_out(std::move(executor), chosen); }, patience,
                [] { return complain("no answer within 90 s; is Headwind running?", failed); });
}

}  // namespace

bool is_kubectl_plugin(int argc, char** argv) {
  if (argc < 1) return false;
  const std::string name = std::filesystem::path(argv[0]).filename().string();
  return name == plugin_name || name == completer_name || (argc > 1 && std::string_view(argv[1]) == "kubectl");
}

int kubectl_command(int argc, char** argv) {
  const std::string name = std::filesystem::path(argv[0]).filename().string();
  try {
    if (name == completer_name) return complete_kubectl({argv + 1, argv + argc});
    const bool by_name = name == plugin_name;
    const int first = by_name ? 1 : 2;
    if (argc > first && std::string_view(argv[first]) == "__complete")
      return complete_kubectl({argv + first + 1, argv + argc});
    return by_name ? run(argc, argv) : run(argc - 1, argv + 1);
  } catch (const std::exception& bug) {
    return complain(std::string("a bug ended the command: ") + bug.what(), failed);
  }
}

}  // namespace headwind::cli
