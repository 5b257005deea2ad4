// SPDX-License-Identifier: Apache-2.0
#include "cli/lint.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "cli/registry_job.hpp"
#include "cli/tag_file.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{600};

bool is_manifest(const fs::path& file) {
  const std::string extension = to_lower(file.extension().string());
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

// The manifests below a directory, in order; what is hidden is left out, and links are not followed.
Result<std::vector<std::string>> files_below(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code failure;
  for (fs::recursive_directory_iterator at(directory, failure), end; !failure && at != end; at.increment(failure)) {
    const std::string name = at->path().filename().string();
    std::error_code ignored;
    if (at->is_directory(ignored) && (name.starts_with('.') || name == "node_modules")) at.disable_recursion_pending();
    if (at->is_regular_file(ignored) && !name.starts_with('.') && is_manifest(at->path()))
      files.push_back(at->path().string());
  }
  if (failure)
    return make_error(Code::invalid,
                      "directory " + printable(directory, 500) + " cannot be read: " + failure.message());
  std::sort(files.begin(), files.end());
  return files;
}

struct Input {
  std::string file, text;
};

// What is named is read whatever it holds; of a directory only what speaks of Headwind.
Result<std::vector<Input>> read_places(const std::vector<std::string>& places) {
  std::vector<Input> inputs;
  for (const std::string& place : places) {
    std::error_code ignored;
    if (place == "-" || !fs::is_directory(place, ignored)) {
      Result<std::string> text = read_input(place, "the manifest");
      if (!text) return text.error();
      inputs.push_back({place == "-" ? "<stdin>" : place, std::move(*text)});
      continue;
    }
    const Result<std::vector<std::string>> files = files_below(place);
    if (!files) return files.error();
    if (files->empty())
      return make_error(Code::not_found,
                        "directory " + printable(place, 500) + " has no .yaml, .yml or .json below it");
    for (const std::string& file : *files) {
      Result<std::string> text = read_input(file, "the manifest");
      if (!text) return text.error();
      if (text->find("headwind.sh/") != std::string::npos) inputs.push_back({file, std::move(*text)});
    }
  }
  return inputs;
}

void print_text(const std::vector<LintFinding>& findings, std::size_t files) {
  std::size_t errors = 0;
  for (const LintFinding& one : findings) {
    errors += one.error ? 1 : 0;
    std::printf("%s:%d:%d: %s: %s [%s]\n", printable(one.file, 4096).c_str(), one.line, one.column,
                one.error ? "error" : "warning", printable(one.sentence).c_str(), one.rule.c_str());
  }
  std::fflush(stdout);  // so that the two do not mix where they are one
  std::fprintf(stderr, "headwind: %zu files, %zu errors, %zu warnings\n", files, errors, findings.size() - errors);
}

Task<int> lint(Executor executor, LintOptions options) {
  Result<std::vector<Input>> inputs = read_places(options.places);
  if (!inputs) co_return complain(inputs.error().message, wrong_usage);
  static OfflinePlugins plugins;  // until the process ends: its threads do
  const Result<> opened = co_await plugins.open(executor, options.config_file);
  if (!opened) co_return complain(opened.error().message, wrong_usage);
  std::vector<LintFinding> all;
  const std::size_t files = inputs->size();
  LintScope scope{!options.config_file.empty(), {}};
  for (Input& input : *inputs) {
    const Result<std::vector<LintFinding>> found =
        co_await lint_file(plugins, input.file, std::move(input.text), scope);
    if (!found) co_return complain(input.file + ": " + found.error().message, wrong_usage);
    all.insert(all.end(), found->begin(), found->end());
  }
  if (options.format == "sarif")
    std::puts(to_sarif(all).c_str());
  else
    print_text(all, files);
  if (!scope.unchecked.empty())
    std::fprintf(stderr,
                 "headwind: note: not checked, since only a configuration has them: %s; name it with --config\n",
                 printable(join({scope.unchecked.begin(), scope.unchecked.end()}), 1000).c_str());
  co_return all.empty() ? done : failed;
}

int lint_command(const LintOptions& options) {
  run_and_leave([&](Executor executor) { return lint(std::move(executor), options); }, patience,
                [] { return complain("a plugin did not answer within ten minutes", wrong_usage); });
}

}  // namespace

void add_lint(CLI::App& app, std::function<int()>& chosen) {
  const auto options = std::make_shared<LintOptions>();
  CLI::App* command = app.add_subcommand(
      "lint",
      "Annotations in manifests that cannot work; exit code 0: none, 1: some, 2: wrong usage, or what cannot be read");
  command->footer("");  // its description has the exit codes
  command->add_option("-f,--filename", options->places, "A manifest, a directory of manifests, or - for standard input")
      ->required()
      ->type_name("PLACE");
  command->add_option("--format", options->format, "text or sarif [text]")
      ->check(CLI::IsMember({"text", "sarif"}))
      ->type_name("FORMAT");
  command
      ->add_option("--config", options->config_file,
                   "Configuration file (YAML), for workload kinds and policies of your own")
      ->type_name("FILE");
  command->callback([options, &chosen] { chosen = [options] { return lint_command(*options); }; });
}

}  // namespace headwind::cli
