// SPDX-License-Identifier: Apache-2.0
// `headwind completion`: small scripts that know the commands and ask `headwind kubectl __complete` for the rest.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/kubectl.hpp"

namespace headwind::cli {
namespace {

constexpr const char* bash_script =
    R"sh(# bash completion of headwind; read it with: source <(headwind completion bash)
_headwind() {
  local current="${COMP_WORDS[COMP_CWORD]}" line
  COMPREPLY=()
  if [ "$COMP_CWORD" -gt 1 ] && [ "${COMP_WORDS[1]}" = kubectl ]; then
    while IFS= read -r line; do
      case "$line" in :*) ;; *) COMPREPLY+=("${line%%$'\t'*}") ;; esac
    done < <(headwind kubectl __complete "${COMP_WORDS[@]:2:COMP_CWORD-1}" 2>/dev/null)
  elif [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "COMMANDS" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -F _headwind headwind
)sh";
constexpr const char* zsh_script =
    R"sh(#compdef headwind
# zsh completion of headwind; read it with: source <(headwind completion zsh)
_headwind() {
  local -a found
  if (( CURRENT > 2 )) && [[ "${words[2]}" == kubectl ]]; then
    found=(${(f)"$(headwind kubectl __complete "${words[@]:2:$((CURRENT - 2))}" 2>/dev/null | grep -v '^:' | cut -f 1)"})
    compadd -a found
  elif (( CURRENT == 2 )); then
    compadd COMMANDS
  else
    _files
  fi
}
compdef _headwind headwind
)sh";
constexpr const char* fish_script =
    R"sh(# fish completion of headwind; read it with: headwind completion fish | source
complete -c headwind -n '__fish_use_subcommand' -f -a 'COMMANDS'
complete -c headwind -n '__fish_seen_subcommand_from kubectl' -f -a '(headwind kubectl __complete (commandline -opc)[3..] (commandline -ct) 2>/dev/null | string match -v ":*")'
)sh";

int print_script(const std::string& shell, const std::string& commands) {
  std::string script = shell == "bash" ? bash_script : shell == "zsh" ? zsh_script : fish_script;
  constexpr std::string_view place = "COMMANDS";
  script.replace(script.rfind(place), place.size(), commands);
  std::fputs(script.c_str(), stdout);
  return done;
}

}  // namespace

void add_completion(CLI::App& app, std::function<int()>& chosen) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* completion = app.add_subcommand("completion", "The script that completes commands in a shell");
  completion->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback([shell, &app, &chosen] {
    std::string names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
      names += (names.empty() ? "" : " ") + command->get_name();
    chosen = [shell, names] { return print_script(*shell, names); };
  });
}

}  // namespace headwind::cli
