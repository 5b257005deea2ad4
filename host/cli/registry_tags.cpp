// SPDX-License-Identifier: Apache-2.0
// `headwind registry tags`: every tag of a repository, fit for `headwind policy test --tags -`.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "cli/commands.hpp"
#include "cli/registry_job.hpp"
#include "core/clock.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;

// The rows in the registry's order, or so that 1.9 comes before 1.10.
std::vector<std::size_t> order_of(const std::vector<std::string>& names, bool sorted) {
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), 0);
  if (sorted)
    std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
      return strverscmp(names[left].c_str(), names[right].c_str()) < 0;
    });
  return order;
}

Json row_of(const plugin::Tags& tags, std::size_t i) {
  Json row{{"tag", tags.names[i]}};
  if (i < tags.digests.size() && !tags.digests[i].empty()) row["digest"] = tags.digests[i];
  if (i < tags.pushed_ms.size() && tags.pushed_ms[i] > 0) row["pushed"] = format_rfc3339(tags.pushed_ms[i]);
  return row;
}

// One tag a line in both forms; a whole document would have to be built first.
void print(const RegistryJob& job, const plugin::Tags& tags) {
  const std::vector<std::size_t> order = order_of(tags.names, job.options.sorted);
  if (!job.options.json) {
    for (const std::size_t i : order) std::puts(tags.names[i].c_str());
    return;
  }
  std::printf("{\"repository\": %s, \"tags\": [", Json(job.image.repository()).dump().c_str());
  const char* separator = "\n";
  for (const std::size_t i : order)
    std::printf("%s%s", std::exchange(separator, ",\n"),
                row_of(tags, i).dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  std::puts("\n]}");
}

// The pull credentials that were looked at go before the sentence, where it does not tell of them.
int fail(const RegistryJob& job, const std::string& sentence) {
  for (const PullAccounts::Look& look : job.accounts.looks)
    if (sentence.find(look.name + ": " + look.found) == std::string::npos)
      std::fprintf(stderr, "looked at %s: %s\n", look.name.c_str(), look.found.c_str());
  return complain(sentence, failed);
}

Task<int> list(RegistryJob& job, Executor executor) {
  const Result<> prepared = co_await job.prepare(executor);
  if (!prepared) co_return fail(job, prepared.error().message);
  job.stage = "asking " + job.image.host + " for the tags of " + job.image.repository();
  const Result<plugin::Tags> tags = co_await job.session->tags(job.image.repository());
  if (!tags) co_return fail(job, job.sentence_of(tags.error(), true));
  print(job, *tags);
  std::fprintf(stderr, "%zu tags of %s\n", tags->names.size(), job.image.repository().c_str());
  co_return done;
}

}  // namespace

int registry_tags_command(const RegistryOptions& options) {
  Result<RegistryJob> job = RegistryJob::of(options);
  if (!job) return complain(job.error().message, wrong_usage);
  run_and_leave([&job](Executor executor) { return list(*job, std::move(executor)); },
                std::chrono::seconds(options.timeout_seconds), [&job] { return fail(*job, job->too_late()); });
}

}  // namespace headwind::cli
