// SPDX-License-Identifier: Apache-2.0
// The child's side of probing.
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "plugin/host.hpp"
#include "plugin/inspect.hpp"
#include "plugin/module.hpp"

namespace headwind::plugin {
namespace {

using Json = nlohmann::json;

std::string text(hw_str value) { return printable(view(value)); }

Json describe(const hw_plugin& plugin) {
  Json needs = Json::array();
  for (const char* const* id = plugin.needs; id != nullptr && *id != nullptr; ++id) needs.emplace_back(*id);
  return {{"id", text(plugin.id)},
          {"version", text(plugin.version)},
          {"kind", to_string(Kind{plugin.kind})},
          {"summary", text(plugin.summary)},
          {"needs", std::move(needs)}};
}

Json describe(const std::filesystem::path& file, const std::function<void(LoadStage)>& enters) {
  if (Result<> readable = inspect(file); !readable) return {{"error", readable.error().message}};
  const Result<const hw_module*> opened = open_module(file, enters);
  if (!opened) return {{"error", opened.error().message}};
  const hw_module& module = **opened;
  Json plugins = Json::array();
  for (std::uint32_t i = 0; i < module.plugin_count; ++i) plugins.push_back(describe(*module.plugins[i]));
  return {{"file", file.string()},
          {"build", text(module.build)},
          {"abi_minor", module.abi_minor},
          {"min_host_minor", module.min_host_minor},
          {"plugins", std::move(plugins)}};
}

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written <= 0) _exit(1);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// The death of this process is an answer: no core file, and no handler that would turn a signal into an exit code.
void die_plainly() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE}) std::signal(number, SIG_DFL);
}

}  // namespace

int probe_main(const std::vector<std::filesystem::path>& files) {
  die_plainly();
  // What a module prints while it loads must not mix with our answers.
  const int answer = dup(STDOUT_FILENO);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  bool good = true;
  for (const std::filesystem::path& file : files) {
    // One character for each stage, then the answer: white space, which JSON does not mind.
    const Json description = describe(file, [&](LoadStage) { write_all(answer, "\n"); });
    write_all(answer, description.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    good = good && !description.contains("error");
  }
  dup2(answer, STDOUT_FILENO);
  close(answer);
  return good ? 0 : 1;
}

}  // namespace headwind::plugin
