// SPDX-License-Identifier: Apache-2.0
// `headwind plugin call PLUGIN choose`.
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/choice_report.hpp"
#include "cli/plugin_call.hpp"
#include "cli/tag_file.hpp"
#include "core/image_reference.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

Task<int> choose(PluginSession& session, plugin::PolicyQuery query, std::vector<std::string> tags, bool json) {
  plugin::Tags candidates;
  candidates.names = tags;
  const Result<plugin::Choice> choice =
      co_await session.host().policies().front().choose(query, std::move(candidates), true);
  if (!choice) co_return complain_of_call(choice.error());
  print_choice({query.tag, query.policy}, tags, *choice, json);
  co_return done;
}

}  // namespace

Result<PreparedCall> prepare_choose(const CallOptions& options) {
  const PolicyTestOptions& asked = options.question;
  if (!is_valid_tag(asked.current))
    return make_error(Code::invalid, "--current '" + printable(asked.current, 200) +
                                         "' is no tag: give the tag that runs now, such as 1.25.3");
  Result<std::vector<std::string>> tags = read_tags(asked.tags);
  if (!tags) return tags.error();
  nlohmann::json labels = nlohmann::json::object();
  for (const std::string& label : asked.labels) {
    const std::size_t equals = label.find('=');
    if (equals == std::string::npos)
      return make_error(Code::invalid, "--label " + printable(label, 200) + " is not KEY=VALUE");
    labels[label.substr(0, equals)] = label.substr(equals + 1);
  }
  plugin::PolicyQuery query;
  query.policy = asked.policy.empty() ? "plugin/call" : asked.policy;
  query.pattern = asked.pattern;
  query.args = asked.parameters;
  query.tag = asked.current;
  query.repository = "docker.io/library/plugin-call";
  query.slot = "containers/app";
  query.pushed = options.pushed;
  query.workload = nlohmann::json({{"kind", "Deployment"},
                                   {"namespace", "default"},
                                   {"name", "plugin-call"},
                                   {"labels", std::move(labels)},
                                   {"annotations", nlohmann::json::object()}})
                       .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return PreparedCall{plugin::Kind::policy, "choose",
                      [query, tags = std::move(*tags), json = options.json](PluginSession& session) {
                        return choose(session, query, tags, json);
                      }};
}

}  // namespace headwind::cli
