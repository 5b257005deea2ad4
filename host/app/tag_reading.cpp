// SPDX-License-Identifier: Apache-2.0
#include "app/tag_reading.hpp"

#include <utility>

#include "core/chart_reference.hpp"

namespace headwind::app {

Task<TagReading> read_tags(update::Registries& registries, telemetry::CompatMetrics& compat, const Clock& clock,
                           std::string repository, TagNeeds needs, Symbol access) {
  TagReading reading;
  if (needs.list) {
    const std::int64_t began_ms = clock.mono_ms();
    Result<std::vector<update::Candidate>> tags = co_await registries.tags(repository, access);
    if (is_chart_url(repository)) {
      compat.helm_repository_queries_total.add();
      if (!tags) compat.helm_repository_errors_total.add();
      compat.helm_repository_query_duration_seconds.observe(static_cast<double>(clock.mono_ms() - began_ms) / 1000);
    }
    if (tags) {
      reading.candidates = std::move(*tags);
      reading.listed = reading.candidates.size();
    } else {
      reading.no_list = tags.error();
      reading.outcome = tags.error();
    }
  }
  std::optional<Error> stop;
  for (const std::string& tag : needs.tags) {
    Result<std::string> digest = std::string();
    if (stop)
      digest = *stop;
    else
      digest = co_await registries.digest(repository, tag, access);
    // The next one would wait as long. A list that failed says nothing of digests: some hosts fail at long lists only.
    if (!digest && digest.error().retryable) stop = digest.error();
    const auto row = std::find_if(reading.candidates.begin(), reading.candidates.end(),
                                  [&](const update::Candidate& candidate) { return candidate.tag == tag; });
    if (digest && row == reading.candidates.end())
      reading.candidates.push_back({tag, *digest});
    else if (row != reading.candidates.end())
      row->digest = digest ? *digest : std::string();
    if (digest) continue;
    reading.missed.emplace(tag, digest.error());
    if (digest.error().code != Code::not_found) reading.outcome = digest.error();
  }
  co_return reading;
}

}  // namespace headwind::app
