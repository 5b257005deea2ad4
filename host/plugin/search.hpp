// SPDX-License-Identifier: Apache-2.0
// Looking at plugin files, which takes its time: on whichever thread runs it. It knows nothing of those found before.
#pragma once
#include <headwind/headwind.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/result.hpp"
#include "plugin/host.hpp"
#include "plugin/journal.hpp"

namespace headwind::plugin {

class Search {
 public:
  struct Finding {
    std::filesystem::path file;
    Result<const hw_module*> module;  // the error is a sentence that begins with the file's name
  };

  explicit Search(const HostOptions& options)
      : executable_(options.executable),
        limit_(options.probe_timeout),
        journal_(options.journal),
        minor_(options.abi_minor.value_or(HW_ABI_MINOR)) {}
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  void add(std::filesystem::path file);  // before it runs
  bool is_empty() const { return wanted_.empty(); }
  // Inspects, probes and opens each file. Blocks.
  void run();
  bool has_ended() const { return ended_.load(); }
  const std::vector<Finding>& found() const { return found_; }  // once ended

 private:
  std::vector<Result<>> examine(const std::vector<std::filesystem::path>& files) const;

  const std::filesystem::path executable_;
  const std::chrono::milliseconds limit_;
  const std::shared_ptr<Journal> journal_;
  const std::uint32_t minor_;
  std::vector<std::filesystem::path> wanted_;
  std::vector<Culprit> culprits_;  // of `wanted_`
  std::vector<Finding> found_;
  std::atomic<bool> ended_{false};
};

}  // namespace headwind::plugin
