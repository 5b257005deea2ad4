// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/polling.hpp"
#include "core/async.hpp"
#include "core/clock.hpp"
#include "kube/client.hpp"

namespace headwind::app {

struct Mark {
  std::int64_t asked = 0;    // last, Unix seconds
  std::size_t believed = 0;  // tags of its list; 0: none was believed yet
  bool operator==(const Mark&) const = default;
};
// As text for a ConfigMap: "HASH:SECONDS" or "HASH:SECONDS:TAGS" by commas, 64 KiB at most. Where there are more, the
// longest unasked are left out: who is not in it counts as never asked.
using Marks = std::map<std::string, Mark>;  // by the hash of the repository
std::string mark_key(std::string_view repository);
std::string write_marks(const Marks& marks);
Marks read_marks(std::string_view text);  // what makes no sense is left out

// Keeps them in ConfigMap headwind-state, so that after a start those come first that were not asked the longest,
// and a list that shrank meanwhile is doubted.
// Written at most every five minutes, and at the end.
class PollMarks {
 public:
  PollMarks(std::shared_ptr<kube::Client> client, std::string name_space, RegistryPolling& polling, const Clock& clock)
      : client_(std::move(client)), name_space_(std::move(name_space)), polling_(polling), clock_(clock) {}

  // Reads them, and has `polling` remember. A failure is told and costs the order only.
  static Task<> load(std::shared_ptr<PollMarks> self);
  static Task<> run(std::shared_ptr<PollMarks> self);  // until stop()
  Task<> stop();                                       // writes them once more

 private:
  Task<> save();
  Marks now() const;

  std::shared_ptr<kube::Client> client_;
  std::string name_space_;
  RegistryPolling& polling_;
  const Clock& clock_;
  std::string saved_;
  bool stopped_ = false;
};

}  // namespace headwind::app
