// SPDX-License-Identifier: Apache-2.0
// What a plugin says of itself, and how its instances come and go.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <headwind/version.hpp>
#include <optional>
#include <thread>

#include "conformance/checks.hpp"
#include "conformance/settings.hpp"
#include "conformance/trial.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "plugin/schema.hpp"

namespace headwind::conformance {
namespace {

constexpr int kRounds = 20;

std::size_t threads() {
  std::error_code failure;
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/task", failure), {}));
}

// A joined thread may be listed for a moment yet.
std::size_t threads_beyond(std::size_t wanted) {
  std::size_t now = threads();
  for (int i = 0; i < 50 && now > wanted; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    now = threads();
  }
  return now > wanted ? now - wanted : 0;
}

bool is_known_service(std::string_view id) {
  return id == HW_SERVICE_HTTP || id == HW_SERVICE_METRICS || id == HW_SERVICE_SECRETS || id == HW_SERVICE_PULL;
}

bool is_refusal(hw_status status) { return status == HW_INVALID || status == HW_DENIED || status == HW_NOT_FOUND; }

}  // namespace

Finding check_description(const Subject& subject) {
  const hw_plugin& plugin = *subject.plugin;
  if (hw::version version; !hw::parse_version(plugin::view(plugin.version), version))
    return warned("its version \"" + std::string(plugin::view(plugin.version)) + "\" is none; write it as 1.4.2");
  if (plugin.summary.len == 0) return warned("it has no summary; write one line for headwind plugin list");
  for (const char* const* need = plugin.needs; need != nullptr && *need != nullptr; ++need)
    if (!is_known_service(*need))
      return warned("it needs the service " + std::string(*need) +
                    ", which this host does not have: it will get none; see host.h");
  if (plugin.config_schema.len == 0) return passed();
  if (takes_any_key(plugin::view(plugin.config_schema), subject.settings))
    return warned(
        "its schema takes any key, so a mistyped setting goes unnoticed; add \"additionalProperties\": false");
  return passed();
}

Finding check_extension(const Subject& subject) {
  const hw_plugin& plugin = *subject.plugin;
  if (!HW_CAN(hw_plugin, &plugin, extension)) return skipped("it offers no extensions");
  enter_place("extension");
  for (const char* id : {"headwind.no-such-interface/1", "com.example.none/9", ""})
    if (plugin.extension(&plugin, id) != nullptr)
      return failed("in extension it answers the unknown id \"" + std::string(id) +
                    "\" with a pointer; answer NULL for what it does not know");
  return passed();
}

Finding check_create(const Subject& subject) {
  const std::size_t before = threads();
  std::optional<Instance> first(std::in_place, subject);
  Instance second(subject);
  if (const Ending& made = first->create(); made.status != HW_OK) {
    Finding finding = first->finding();
    if (finding.outcome == Outcome::failed) return finding;
    return failed("create answers " + made.sentence() +
                  "; give fitting settings with --settings or --config, and secrets with --secret");
  }
  // Its plugin goes on without it, since a file can be mended while the operator runs.
  if (const std::string told = first->host().logged_error(); subject.script && !told.empty())
    return failed(printable(told, 2000) + "; mend it: until then every call fails");
  if (const Ending& made = second.create(); made.status != HW_OK)
    return failed("create of a second instance beside the first answers " + made.sentence() +
                  "; keep what belongs to an instance in *self");
  first->destroy();
  Finding of_first = first->finding();
  first.reset();
  second.destroy();
  if (of_first.outcome == Outcome::failed) return of_first;
  const std::size_t kept = threads_beyond(before);
  for (int i = 0; i < kRounds; ++i) {
    Instance again(subject);
    if (const Ending& made = again.create(); made.status != HW_OK)
      return failed("create answers " + made.sentence() + " in round " + std::to_string(i + 3) +
                    "; what destroy leaves behind must not matter to the next instance");
    again.destroy();
    if (const Finding finding = again.finding(); finding.outcome == Outcome::failed) return finding;
  }
  if (const std::size_t left = threads_beyond(before + kept); left > 0)
    return failed("destroy leaves threads running, " + std::to_string(left + kept) + " after " +
                  std::to_string(kRounds + 2) + " instances; join in destroy what create started");
  if (kept > 0 && !subject.script)
    return warned("destroy leaves " + std::to_string(kept) +
                  " threads running, as many after each instance; one that "
                  "serves the whole process must touch neither an instance nor the host, better join it");
  return second.finding();
}

Finding check_settings(const Subject& subject) {
  const std::string_view schema = plugin::view(subject.plugin->config_schema);
  std::vector<WrongSettings> wrong = wrong_settings(schema, subject.settings);
  const std::size_t typed = wrong.size();
  wrong.push_back({"there are none", "{}"});
  std::size_t refused_by_schema = 0;
  std::optional<Finding> doubt;
  for (const WrongSettings& one : wrong) {
    const Result<std::string> prepared = plugin::prepare_settings(schema, one.value);
    if (!prepared) {
      if (one.value != "{}") ++refused_by_schema;
      continue;
    }
    Instance instance(subject);
    const Ending& made = instance.create(*prepared);
    instance.destroy();
    if (made.status != HW_OK && !is_refusal(made.status))
      return failed("where " + one.what + ", create answers " + made.sentence() +
                    "; refuse wrong settings with HW_INVALID and a sentence that names the key");
    const Finding finding = instance.finding();
    if (finding.outcome == Outcome::failed) return finding;
    if (finding.outcome == Outcome::warning && !doubt) doubt = finding;
  }
  if (doubt) return *doubt;
  if (typed == 0) return passed("it takes none");
  return passed(std::to_string(refused_by_schema) + " of " + std::to_string(typed) +
                " odd settings are refused by the schema, the others by create or not at all");
}

}  // namespace headwind::conformance
