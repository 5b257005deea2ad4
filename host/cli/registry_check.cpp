// SPDX-License-Identifier: Apache-2.0
// `headwind registry check`: what a node would be able to pull, and with what.
#include <algorithm>
#include <utility>

#include "cli/commands.hpp"
#include "cli/registry_report.hpp"
#include "config/values.hpp"
#include "update/platforms.hpp"

namespace headwind::cli {
namespace {

// The registry's own word is that no node could pull it, unless a node may read a Secret that we may not.
Error problem_of(RegistryReport& report, const Error& error) {
  report.denied = error.code == Code::denied;
  const auto& looks = report.job.accounts.looks;
  const bool hidden = std::any_of(looks.begin(), looks.end(), [](const auto& look) { return look.hidden; });
  report.known = (report.denied || error.code == Code::not_found) && !hidden;
  return make_error(Code::invalid, report.job.sentence_of(error));
}

Task<Result<>> ask(RegistryReport& report, Executor executor) {
  RegistryJob& job = report.job;
  const Result<> prepared = co_await job.prepare(executor);
  if (!prepared) co_return prepared.error();
  const std::string repository = job.image.repository();
  std::string digest = job.image.digest;
  if (digest.empty()) {
    job.stage = "asking " + job.image.host + " for the digest of tag " + job.image.tag;
    const Result<std::string> found = co_await job.session->digest(repository, job.image.tag);
    if (!found) co_return problem_of(report, found.error());
    digest = report.digest = *found;
  }
  job.stage = "asking " + job.image.host + " for the platforms of " + digest;
  Result<std::vector<std::string>> platforms = co_await job.session->platforms(repository, digest);
  if (platforms) {
    report.digest = digest;
    report.platforms = std::move(*platforms);
  } else if (platforms.error().code != Code::unsupported || report.digest.empty()) {
    co_return problem_of(report, platforms.error());
  }
  co_return Result<>{};
}

// Of the platforms that were asked for, those that the image does not offer.
void compare(RegistryReport& report) {
  if (!report.platforms || report.platforms->empty()) return;  // nobody can tell, as for the operator
  for (const std::string& node : report.job.options.platforms)
    if (!update::runs_on(*report.platforms, node)) report.missing.push_back(node);
  if (report.missing.empty()) return;
  report.known = true;
  report.problem = report.job.image.repository() + " has no image for " + report.missing.front() +
                   "; build it for that platform, or keep the workload off such nodes";
}

int finish(const RegistryReport& report) {
  report.job.options.json ? report.print_json() : report.print_text();
  return report.problem.empty() ? done : complain(report.problem, failed);
}

Task<int> check(RegistryReport& report, Executor executor) {
  const Result<> asked = co_await ask(report, executor);
  if (asked) compare(report);
  if (!asked) report.problem = asked.error().message;
  co_return finish(report);
}

}  // namespace

int registry_check_command(const RegistryOptions& options) {
  Result<RegistryJob> job = RegistryJob::of(options);
  if (!job) return complain(job.error().message, wrong_usage);
  for (const std::string& platform : options.platforms)
    if (!config::is_platform(platform))
      return complain("--platform " + platform + " must be like linux/amd64 or linux/arm/v7", wrong_usage);
  RegistryReport report;
  report.job = std::move(*job);
  run_and_leave([&report](Executor executor) { return check(report, std::move(executor)); },
                std::chrono::seconds(options.timeout_seconds),
                [&report] {
                  report.known = false;
                  report.problem = report.job.too_late();
                  return finish(report);
                });
}

}  // namespace headwind::cli
