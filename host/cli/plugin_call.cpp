// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_call.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <memory>
#include <utility>

#include "cli/registry_job.hpp"

namespace headwind::cli {
namespace {

using Prepare = Result<PreparedCall> (*)(const CallOptions&);

Task<int> work(PluginSession& session, const PreparedCall& call, CallPlace& place) {
  const Result<> opened = co_await session.open(place, call.function);
  int code = failed;
  if (opened) {
    code = co_await call.run(session);
  } else {
    code = complain_of_call(opened.error());
  }
  place.finish();
  co_return code;
}

int run(const CallOptions& options, Prepare prepare) {
  Result<ChosenPlugin> chosen = chosen_plugin(options.choice);
  if (!chosen) return complain(chosen.error().message, wrong_usage);
  Result<PreparedCall> call = prepare(options);
  if (!call) return complain(call.error().message, wrong_usage);
  const std::chrono::seconds patience(options.seconds);
  return call_apart(chosen->file, [&](CallPlace& place) {
    std::unique_ptr<PluginSession> session;
    run_and_leave(
        [&](Executor executor) {
          session = std::make_unique<PluginSession>(std::move(executor), std::move(*chosen),
                                                    SessionOptions{call->kind, patience, options.dry_run});
          return work(*session, *call, place);
        },
        patience + std::chrono::seconds(10),  // the host is first to tell of a call that does not return
        [&] {
          place.finish();
          return complain("no answer within " + std::to_string(options.seconds) + " s", failed);
        });
  });
}

void add_send(CLI::App& sub, CallOptions& options) {
  CLI::Option* files =
      sub.add_option("--event", options.event_files, "File with an event or a list of events; again for each")
          ->allow_extra_args(false)
          ->type_name("FILE.json");
  sub.add_option("--sample", options.sample, "Or a made-up event of this type [update_completed]")
      ->excludes(files)
      ->type_name("TYPE");
  sub.add_flag("--dry-run", options.dry_run, "Do everything but send");
}

void add_choose(CLI::App& sub, CallOptions& options) {
  PolicyTestOptions& question = options.question;
  sub.add_option("--current", question.current, "The tag that runs now")->required()->type_name("TAG");
  sub.add_option("--tags", question.tags, "File with one tag a line; - for standard input")
      ->required()
      ->type_name("FILE");
  sub.add_option("--policy", question.policy, "The annotation headwind.sh/policy [plugin/call]")->type_name("NAME");
  sub.add_option("--pattern", question.pattern, "The annotation headwind.sh/pattern");
  sub.add_option("--policy-config", question.parameters, "The annotation headwind.sh/policy-config")->type_name("JSON");
  sub.add_option("--label", question.labels, "A label of the workload; again for each")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  sub.add_flag("--pushed", options.pushed, "A push named these tags");
}

void add_manifest(CLI::App& sub, CallOptions& options, bool with_companions) {
  sub.add_option("-f,--filename", options.manifest,
                 "Manifest (YAML or JSON, any number of documents); - for standard input")
      ->required()
      ->type_name("FILE");
  if (with_companions)
    sub.add_option("--companions", options.companions, "Manifest of the ReplicaSets, pods or the like beside it")
        ->type_name("FILE");
}

void add_webhook(CLI::App& sub, CallOptions& options) {
  sub.add_option("--body", options.body, "File with the body; - for standard input")->required()->type_name("FILE");
  sub.add_option("--header", options.headers, "A header; again for each")
      ->allow_extra_args(false)
      ->type_name("'NAME: VALUE'");
  sub.add_option("--endpoint", options.endpoint, "NAME of /webhook/NAME [any]")->type_name("NAME");
}

}  // namespace

int complain_of_call(const Error& error) {
  std::string text = error.message;
  if (error.retryable) text += "; the operator would try again";
  if (error.retry_after.count() > 0)
    text += " after " + std::to_string((error.retry_after.count() + 999) / 1000) + " s";
  return complain(text, failed);
}

void add_plugin_call(CLI::App& plugin, std::function<int()>& command) {
  const auto options = std::make_shared<CallOptions>();
  CLI::App* call =
      plugin.add_subcommand("call", "Call one function of a plugin by hand: send, tags, choose, images ...");
  add_plugin_choice(*call, options->choice);
  call->add_option("--timeout", options->seconds, "Seconds for one call [30]")
      ->check(CLI::Range(1U, 3600U))
      ->type_name("SECONDS");
  call->add_flag("--json", options->json, "JSON instead of text");
  call->require_subcommand(1);
  const auto add = [&](const char* name, const char* text, Prepare prepare) {
    CLI::App* sub = call->add_subcommand(name, text)->fallthrough();
    sub->callback([options, prepare, &command] { command = [options, prepare] { return run(*options, prepare); }; });
    return sub;
  };
  add_send(*add("send", "A notifier delivers an event, really", prepare_send), *options);
  for (CLI::App* sub : {add("tags", "A registry lists the tags of an image's repository", prepare_tags),
                        add("resolve", "A registry tells the digest of a tag", prepare_resolve)}) {
    sub->add_option("IMAGE", options->image, "The image, as a pod template names it; or a chart's URL")->required();
    sub->add_option("--docker-config", options->docker_config,
                    "File with the registry's account: ~/.docker/config.json or a Secret's .dockerconfigjson")
        ->type_name("FILE");
  }
  add_webhook(*add("webhook", "A registry reads the body of a webhook", prepare_webhook), *options);
  add_choose(*add("choose", "A policy judges tags", prepare_choose), *options);
  add_manifest(*add("images", "A workload kind finds the images in a manifest", prepare_images), *options, false);
  add_manifest(*add("rollout", "A workload kind says how far a rollout is", prepare_rollout), *options, true);
}

}  // namespace headwind::cli
