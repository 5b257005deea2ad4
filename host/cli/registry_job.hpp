// SPDX-License-Identifier: Apache-2.0
// What `headwind registry check` and `headwind registry tags` have in common: an image, the way to its registry, the
// credentials, and an end in time.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/pull_accounts.hpp"
#include "cli/registry_session.hpp"
#include "cli/registry_way.hpp"
#include "core/image_reference.hpp"

namespace headwind::cli {

struct RegistryJob {
  RegistryOptions options;
  TextMap environment;
  ImageReference image;
  RegistryWay way;
  PullAccounts accounts;
  std::unique_ptr<RegistrySession> session;  // null: not yet
  std::string stage;                         // what is being done, for a sentence about a hang

  // Reads the options and the configuration. A failure is the caller's mistake.
  static Result<RegistryJob> of(const RegistryOptions& options);
  bool asks_cluster() const;
  // Whether the plugin comes by credentials that nobody gives it: those of Amazon's private registries.
  bool has_own_credentials() const;

  // Pull credentials from the cluster or the file, then the plugin.
  Task<Result<>> prepare(Executor executor);
  // The failure of a question, with what can be done about it. `tags`: it was for the list of tags.
  std::string sentence_of(const Error& error, bool tags = false) const;
  // "the configured account ci": all that there were for the registry itself; empty: nobody's name.
  std::vector<std::string> names() const;
  std::string too_late() const;  // the time was over
};

// Runs `work` on a loop of its own and ends the process with its code, or after `patience` with that of `late`. SIGINT
// and SIGTERM end it at once, as they end any program.
[[noreturn]] void run_and_leave(std::function<Task<int>(Executor)> work, std::chrono::seconds patience,
                                std::function<int()> late);

}  // namespace headwind::cli
