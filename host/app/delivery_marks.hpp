// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/notifiers.hpp"
#include "core/async.hpp"
#include "kube/client.hpp"
#include "update/engine.hpp"

namespace headwind::app {

// Remembers, in ConfigMap headwind-state, up to when each notifier was told everything, and the ids of what it was told
// last; after a start it is told the rest of what happened since (decisions 27). Once in ordinary life, at least once
// after a kill.
class DeliveryMarks {
 public:
  // `configured`: names of the instances that are wanted, also of those that were refused. The marks of all others go:
  // their notifiers were removed while Headwind was down.
  DeliveryMarks(std::shared_ptr<kube::Client> client, std::string name_space, PluginNotifiers& notifiers,
                const update::Engine& engine, const Clock& clock, std::vector<std::string> configured)
      : client_(std::move(client)),
        name_space_(std::move(name_space)),
        notifiers_(notifiers),
        engine_(engine),
        clock_(clock),
        configured_(std::move(configured)) {}

  // Waits until the engine is ready, tells what was missed, then writes the marks at most every ten seconds; until
  // stop().
  static Task<> run(std::shared_ptr<DeliveryMarks> self);
  Task<> stop();  // writes them once more

  // A notifier was added while everything runs. Where it has a mark, it was refused at the start and has been mended:
  // it is told what was missed since.
  void came(const std::string& notifier);
  // It was removed for good: its mark goes with the next writing, so that it hears of the future only if it comes back.
  void left(const std::string& notifier);

 private:
  Task<> replay();
  void find_strays();
  void tell_missed(const std::string& name);
  Task<> save();

  std::shared_ptr<kube::Client> client_;
  std::string name_space_;
  PluginNotifiers& notifiers_;
  const update::Engine& engine_;
  const Clock& clock_;
  std::map<std::string, std::int64_t> marks_;  // as stored, by notifier
  TextMap stored_;                             // keys of the ConfigMap
  std::vector<std::string> configured_;        // at the start
  std::set<std::string, std::less<>> strays_;  // keys of `stored_` that are nobody's: to be deleted
  std::set<std::string> gone_;                 // whose marks are still to be deleted
  bool replayed_ = false, stopped_ = false;
};

}  // namespace headwind::app
