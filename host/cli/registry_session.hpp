// SPDX-License-Identifier: Apache-2.0
// One instance of one registry plugin, with nothing beside it, and what its questions cost.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/pull_accounts.hpp"
#include "cli/registry_way.hpp"
#include "core/async.hpp"
#include "plugin/host.hpp"
#include "schedule/host_budget.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::cli {

class RegistrySession {
 public:
  RegistrySession(Executor executor, const RegistryWay& way, std::vector<PullAccount> accounts);
  RegistrySession(const RegistrySession&) = delete;
  RegistrySession& operator=(const RegistrySession&) = delete;

  // Loads the plugin's file and makes the instance. No call of it ends of itself within `patience`.
  Task<Result<>> open(std::chrono::milliseconds patience, const TextMap& environment);

  // The pull credentials are tried as the operator tries them, one after the other where a registry refuses; those that
  // were let in stay in use. Without any the plugin's settings count.
  Task<Result<std::string>> digest(std::string repository, std::string tag);
  Task<Result<std::vector<std::string>>> platforms(std::string repository, std::string digest);
  Task<Result<plugin::Tags>> tags(std::string repository);

  struct Answer {  // of the registry, a mirror or a token server
    std::string question;
    std::string origin;  // who it was: "auth.docker.io"
    unsigned status = 0;
    std::int64_t ms = 0;  // since the one before it, or the question
  };
  const std::vector<Answer>& answers() const { return answers_; }
  const std::string& media_type() const { return media_type_; }  // of the manifest seen last; or empty
  const std::optional<schedule::RateLimit>& limit() const { return limit_; }
  struct Success {  // of one question
    std::string question;
    std::string origin;                  // the mirror or the registry that answered
    bool wanted_name = false;            // it let nobody in without one
    std::optional<PullAccount> account;  // that was there for the registry; mirrors are never told of it
  };
  const std::vector<Success>& successes() const { return successes_; }

 private:
  template <class T>
  using Question = std::function<Task<Result<T>>(plugin::Registry, std::optional<plugin::Credential>)>;
  template <class T>
  Task<Result<T>> ask(std::string question, Question<T> ask_one);
  void heard(const std::string& origin, const net::Response& answer);
  Success success(std::size_t first_answer) const;

  Executor executor_;
  const RegistryWay& way_;
  std::vector<PullAccount> accounts_;
  telemetry::Metrics metrics_;  // nobody reads them
  std::unique_ptr<plugin::Host> host_;
  std::optional<plugin::Registry> registry_;
  std::vector<Answer> answers_;
  std::string question_, media_type_;
  std::int64_t since_ms_ = 0;
  std::optional<schedule::RateLimit> limit_;
  std::vector<Success> successes_;
};

}  // namespace headwind::cli
