// SPDX-License-Identifier: Apache-2.0
// `headwind policy test`: the plugin that the operator would ask, asked offline.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/choice_report.hpp"
#include "cli/commands.hpp"
#include "cli/plugin_directories.hpp"
#include "cli/tag_file.hpp"
#include "core/image_reference.hpp"
#include "core/text.hpp"
#include "plugin/host.hpp"

namespace headwind::cli {
namespace {

constexpr const char *built_in = "headwind-policy-semver.so", *for_python = "headwind-policy-python.so";

Result<std::filesystem::path> find_module(const std::string& config_file, const char* module_name) {
  const auto config = config::load(config_file, config::process_environment());
  if (!config) return config.error();
  const auto directories = plugin_directories(*config);
  for (const auto& directory : directories) {
    std::error_code failure;
    if (std::filesystem::is_regular_file(directory / module_name, failure)) return directory / module_name;
  }
  return make_error(Code::not_found, std::string("the plugin ") + module_name +
                                         " is in no plugin directory: set plugins.directories in the file of --config");
}

std::string mistake_in(const PolicyTestOptions& options) {
  if (options.policy.empty() == options.python.empty())
    return "--policy is required: none, patch, minor, major, all, glob or force; or --python with a file";
  for (const std::string& label : options.labels)
    if (label.find('=') == std::string::npos) return "--label " + printable(label, 200) + " is not KEY=VALUE";
  const std::string& tag = options.current;
  if (is_valid_tag(tag)) return {};
  const bool image = tag.find_first_of(":/@") != std::string::npos;
  return "--current " + (tag.empty() ? "''" : printable(tag, 200)) + " is no tag: " +
         (image ? "give the tag only, as 1.25.3 of nginx:1.25.3" : "give the tag that runs now, such as 1.25.3");
}

// The plugin names what stands below the running tag "older". That is how force ranks without a push, but a tag such as
// latest has no age, and a push of it would be taken.
void explain_force(const std::string& current, const std::vector<std::string>& tags, plugin::Choice& choice) {
  for (std::size_t i = 0; i < tags.size(); ++i) {
    plugin::Judgement& judgement = choice.judgements[i];
    if (judgement.verdict != plugin::Verdict::hold || tags[i] == current) continue;
    judgement.reason = "is not ranked above " + current + "; a push of it would be taken";
    if (tags.size() == 1) choice.why = tags[i] + " " + judgement.reason;
  }
}

// The workload that a script is told of.
std::string made_up_workload(const PolicyTestOptions& options) {
  nlohmann::json labels = nlohmann::json::object(), annotations = nlohmann::json::object();
  for (const std::string& label : options.labels) {
    const std::size_t equals = label.find('=');
    labels[label.substr(0, equals)] = label.substr(equals + 1);
  }
  return nlohmann::json({{"kind", "Deployment"},
                         {"namespace", "default"},
                         {"name", "policy-test"},
                         {"labels", std::move(labels)},
                         {"annotations", std::move(annotations)}})
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string settings_of(const PolicyTestOptions& options) {
  if (options.python.empty()) return "{}";
  return nlohmann::json({{"file", std::filesystem::absolute(options.python).string()}, {"callable", options.callable}})
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

int policy_test_command(const PolicyTestOptions& options) {
  if (const std::string mistake = mistake_in(options); !mistake.empty()) return complain(mistake, wrong_usage);
  auto tags = read_tags(options.tags);
  if (!tags) return complain(tags.error().message, tags.error().code == Code::not_found ? wrong_usage : failed);
  if (std::error_code failure; !options.python.empty() && !std::filesystem::is_regular_file(options.python, failure))
    return complain("the script " + printable(options.python, 500) + " cannot be opened: see whether it is there",
                    wrong_usage);
  const auto module = find_module(options.config_file, options.python.empty() ? built_in : for_python);
  if (!module) return complain(module.error().message, failed);

  plugin::PolicyQuery query;
  query.policy = options.python.empty() ? options.policy : "python/policy-test";
  query.args = options.parameters;
  query.slot = "containers/app";
  query.pattern = options.pattern;
  query.tag = options.current;
  query.repository = "docker.io/library/policy-test";
  query.workload = made_up_workload(options);
  plugin::Tags candidates;
  candidates.names = *tags;
  auto choice = plugin::choose_now(*module, settings_of(options), query, candidates);
  if (!choice) return complain(choice.error().message, choice.error().code == Code::invalid ? wrong_usage : failed);
  if (choice->judgements.size() != tags->size() ||
      (choice->verdict == plugin::Verdict::update && choice->index >= tags->size())) {
    return complain("the plugin did not judge every tag", failed);
  }
  if (equals_ignoring_case(options.policy, "force")) explain_force(options.current, *tags, *choice);
  if (!options.pattern.empty() && !equals_ignoring_case(options.policy, "glob"))
    std::fprintf(stderr, "headwind: --pattern is ignored: policy %s has none, only glob\n",
                 (options.python.empty() ? options.policy : options.python).c_str());
  print_choice({options.current, options.python.empty() ? options.policy : "python:" + options.python}, *tags, *choice,
               options.json);
  return done;
}

}  // namespace headwind::cli
