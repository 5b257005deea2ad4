// SPDX-License-Identifier: Apache-2.0
// `kubectl headwind`: this program under the name kubectl-headwind, or as `headwind kubectl`. It works under the user's
// own kubeconfig and name; what the user may not do is refused with a sentence.
#pragma once
#include <functional>

namespace CLI {
class App;
}

namespace headwind::cli {

// By its name, kubectl-headwind or kubectl_complete-headwind, or by its first word.
bool is_kubectl_plugin(int argc, char** argv);
int kubectl_command(int argc, char** argv);

// `headwind completion bash|zsh|fish`: the script that a shell reads.
void add_completion(CLI::App& app, std::function<int()>& chosen);

}  // namespace headwind::cli
