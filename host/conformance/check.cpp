// SPDX-License-Identifier: Apache-2.0
#include "conformance/check.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "conformance/checks.hpp"
#include "conformance/exports.hpp"
#include "conformance/local_peer.hpp"
#include "conformance/settings.hpp"
#include "conformance/trial.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "plugin/blot.hpp"
#include "plugin/module.hpp"
#include "plugin/probe.hpp"

namespace headwind::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kProbe{5000};                              // as the operator does
constexpr std::string_view kLoad = "load", kExports = "exports";  // of the file, before those of its plugins

Finding look_at_exports(const std::filesystem::path& file) {
  const std::vector<std::string> others = other_exports(file);
  if (others.empty()) return passed();
  return warned("it exports " + std::to_string(others.size()) + " symbols beside hw_entry_v1, such as " +
                printable(others.front(), 100) +
                "; link it with the SDK's version script, so that two plugins with the same library do not meet");
}

const hw_plugin* find(const hw_module& module, std::string_view id) {
  for (std::uint32_t i = 0; i < module.plugin_count; ++i)
    if (plugin::view(module.plugins[i]->id) == id) return module.plugins[i];
  return nullptr;
}

// In a child: everything about a module but its bytes is asked there. Passed with the ids of its plugins.
Finding list_ids(const std::filesystem::path& file) {
  const Result<const hw_module*> module = plugin::open_module(file);
  if (!module) return failed(module.error().message);
  std::string out;
  for (std::uint32_t i = 0; i < (*module)->plugin_count; ++i)
    out += (out.empty() ? "" : " ") + std::string(plugin::view((*module)->plugins[i]->id));
  return passed(std::move(out));
}

// What survives the operator's probing child may still crash where it is loaded in earnest.
Finding load(const CheckOptions& options) {
  const Result<> probed = plugin::probe_all(options.executable, {options.file}, kProbe).front();
  if (!probed) return failed(probed.error().message);
  return try_apart(options.limit, [&] { return list_ids(options.file); });
}

Finding run(const Check& check, const CheckOptions& options, const std::string& id) {
  const Result<const hw_module*> module = plugin::open_module(options.file);
  if (!module) return failed(module.error().message);
  Subject subject;
  subject.plugin = find(**module, id);
  if (subject.plugin == nullptr) return failed("it is no longer in the file");
  subject.grants.given = options.secrets;
  subject.script = options.script;
  auto given = options.settings.find(id);
  if (given == options.settings.end()) given = options.settings.find("");
  Result<std::string> settings = settings_for(plugin::view(subject.plugin->config_schema),
                                              given == options.settings.end() ? std::string() : given->second);
  if (!settings) return check.name == "create" ? failed(settings.error().message) : skipped(settings.error().message);
  subject.settings = std::move(*settings);
  if (!subject.script) return check.run(subject);
  const Result<std::unique_ptr<LocalPeer>> local = LocalPeer::start();
  if (!local) return failed("nobody can answer the script: " + local.error().message);
  subject.grants.local = local->get();
  return check.run(subject);
}

bool is_wanted(const CheckOptions& options, std::string_view check) {
  return options.only.empty() || std::ranges::find(options.only, check) != options.only.end();
}

class Report {
 public:
  Report(const CheckOptions& options, const std::function<void(const Row&)>& tell) : options_(options), tell_(tell) {}

  Finding add(const std::string& plugin, std::string_view check, std::string_view asks,
              const std::function<Finding()>& make) {
    const auto start = steady_clock::now();
    Row row{plugin, std::string(check), std::string(asks), make(), milliseconds(0)};
    row.took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
    if (tell_) tell_(row);
    rows_.push_back(row);
    return row.finding;
  }

  void check(const std::string& id) {
    std::string obstacle;
    for (const Check& one : kChecks) {
      if (!is_wanted(options_, one.name)) continue;
      const Finding finding = add(id, one.name, one.asks, [&] {
        if (!obstacle.empty()) return skipped(obstacle);
        return shorten(one.name, try_apart(options_.limit, [&] { return run(one, options_, id); }));
      });
      const bool first_steps = one.name == "create" || (one.name == "ordinary" && finding.died);
      if (first_steps && finding.outcome == Outcome::failed)
        obstacle = "not tried, because the check " + std::string(one.name) + " failed";
    }
  }

  // The same flaw is told at length once.
  Finding shorten(std::string_view check, Finding finding) {
    if (finding.outcome != Outcome::failed && finding.outcome != Outcome::warning) return finding;
    const std::string_view core = core_of(finding.sentence);
    const auto [first, fresh] = told_.emplace(core, check);
    if (!fresh && core.size() < finding.sentence.size())
      finding.sentence = finding.sentence.substr(0, finding.sentence.size() - core.size()) + "does what the check " +
                         std::string(first->second) + " tells above";
    return finding;
  }

  std::vector<Row> rows() && { return std::move(rows_); }

 private:
  const CheckOptions& options_;
  const std::function<void(const Row&)>& tell_;
  std::vector<Row> rows_;
  std::map<std::string, std::string_view> told_;  // core of a sentence -> check
};

}  // namespace

std::vector<std::string> check_names() {
  std::vector<std::string> out{std::string(kLoad), std::string(kExports)};
  for (const Check& check : kChecks) out.emplace_back(check.name);
  return out;
}

Result<std::vector<Row>> check_file(const CheckOptions& options, const std::function<void(const Row&)>& tell) {
  Report report(options, tell);
  const Finding loaded = report.add("", kLoad, "the file is inspected, probed and opened as by the operator",
                                    [&] { return load(options); });
  if (loaded.outcome == Outcome::failed) return std::move(report).rows();
  if (is_wanted(options, kExports))
    report.add("", kExports, "it exports its entry and nothing else",
               [&] { return try_apart(options.limit, [&] { return look_at_exports(options.file); }); });
  bool found = false;
  for (const std::string_view id : split(loaded.sentence, ' ')) {
    if (!options.plugin.empty() && id != options.plugin) continue;
    found = true;
    report.check(std::string(id));
  }
  if (!found)
    return make_error(Code::not_found, options.file.filename().string() + " has no plugin " +
                                           printable(options.plugin, 200) + ", only " + loaded.sentence);
  return std::move(report).rows();
}

Finding try_create(const std::filesystem::path& file, const std::string& id, const std::string& settings,
                   const std::map<std::string, std::optional<std::string>>& secrets) {
  return try_apart(CheckOptions().limit, [&] {
    const Result<const hw_module*> module = plugin::open_module(file);
    if (!module) return failed(module.error().message);
    Subject subject;
    subject.plugin = find(**module, id);
    if (subject.plugin == nullptr) return failed("there is no plugin " + id);
    Result<std::string> prepared = settings_for(plugin::view(subject.plugin->config_schema), settings);
    if (!prepared) return failed(prepared.error().message);
    subject.settings = std::move(*prepared);
    subject.grants.names.emplace();
    for (const auto& [name, value] : secrets) {
      subject.grants.names->insert(name);
      if (value) subject.grants.given[name] = *value;
    }
    Instance instance(subject);
    const Ending& made = instance.create();
    instance.destroy();
    // Its words may hold what it was given.
    const bool spoke = made.failure && !made.failure->message.empty();
    const std::string sentence =
        plugin::Blot(subject.grants.given).clean(spoke ? printable(made.failure->message, 600) : made.sentence());
    if (made.status == HW_INVALID) return failed(sentence);
    if (made.status != HW_OK) return warned(sentence);
    const std::string told = instance.host().logged_error();
    return told.empty() ? passed() : failed(told);
  });
}

}  // namespace headwind::conformance
