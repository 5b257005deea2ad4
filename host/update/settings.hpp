// SPDX-License-Identifier: Apache-2.0
// What a workload's headwind.sh/* annotations ask for. The same on every kind.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "inventory/workload.hpp"
#include "update/hint.hpp"

namespace headwind::update {

namespace annotation {
inline constexpr std::string_view prefix = "headwind.sh/";
inline constexpr std::string_view policy = "headwind.sh/policy";
inline constexpr std::string_view pattern = "headwind.sh/pattern";
inline constexpr std::string_view policy_config = "headwind.sh/policy-config";
inline constexpr std::string_view require_approval = "headwind.sh/require-approval";
inline constexpr std::string_view min_update_interval = "headwind.sh/min-update-interval";
inline constexpr std::string_view images = "headwind.sh/images";
inline constexpr std::string_view event_source = "headwind.sh/event-source";
inline constexpr std::string_view polling_interval = "headwind.sh/polling-interval";
inline constexpr std::string_view last_update = "headwind.sh/last-update";
inline constexpr std::string_view suspend = "headwind.sh/suspend";
inline constexpr std::string_view auto_rollback = "headwind.sh/auto-rollback";
inline constexpr std::string_view rollback_timeout = "headwind.sh/rollback-timeout";
inline constexpr std::string_view health_check_retries = "headwind.sh/health-check-retries";
inline constexpr std::string_view approvals = "headwind.sh/approvals";
inline constexpr std::string_view approval_timeout = "headwind.sh/approval-timeout";
inline constexpr std::string_view force_ownership = "headwind.sh/force-ownership";
inline constexpr std::string_view values_images = "headwind.sh/values-images";
inline constexpr std::string_view released = "headwind.sh/released";  // ours: images that a person released
inline constexpr std::string_view step = "headwind.sh/update-step";   // ours: see step_note.hpp
inline constexpr std::string_view history = "headwind.sh/update-history";
}  // namespace annotation

// The reason of a mistake where Flux or Argo CD manages the workload and nobody said that it is ours all the same.
inline constexpr std::string_view managed_elsewhere = "ManagedElsewhere";

// A value that cannot be taken: one sentence with object, field and remedy.
struct Mistake {
  std::string_view field;  // the annotation, for the metric; "" where it is not one we know
  std::string sentence;
  bool skips = true;                              // the workload is left alone until it is mended
  std::string_view reason = "InvalidAnnotation";  // of the Event
  std::string annotation = {};                    // as it is written, where it is one that we do not know
};

struct Settings {
  enum class Source : std::uint8_t { webhook, polling, both, none };

  std::string policy = "none";  // lower case; "python/NAME" keeps its case
  std::string pattern;
  std::string policy_config;  // JSON, for policies that take parameters
  bool require_approval = true;
  std::uint32_t approvals = 1;                           // people who must agree, each once
  std::optional<std::chrono::seconds> approval_timeout;  // a request expires after that; absent: the operator's
  bool suspended = false;                                // nothing is decided until it is lifted
  bool force_ownership = false;                          // also what Flux or Argo CD manages
  bool auto_rollback = false;                            // a rollout that fails is undone
  std::chrono::seconds rollback_timeout{300};            // a rollout that took longer has failed; 0: no limit
  std::uint32_t health_check_retries = 3;                // so many looks in a row must see it fail
  std::chrono::seconds min_interval{300};
  std::vector<std::string> images;  // empty: all
  Source source = Source::webhook;
  std::chrono::seconds polling_interval{0};  // 0: the operator's
  std::optional<std::int64_t> last_update_ms;
  std::vector<Mistake> mistakes;

  bool skipped() const;               // a mistake says so
  bool follows(Origin origin) const;  // event-source
  // headwind.sh/images: names of containers, or images. Init containers only where they are named there.
  bool selects(const inventory::Slot& slot) const;
};

// none patch minor major all glob force: the names of 0.1.x, in lower case.
bool is_built_in(std::string_view policy);

// Never fails: what cannot be read is a mistake and its safe default. `now_ms` tells a last-update of the future,
// which counts as absent (decisions 2).
Settings read_settings(const inventory::Workload& workload, std::chrono::seconds default_interval, std::int64_t now_ms);

}  // namespace headwind::update
