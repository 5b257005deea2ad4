// SPDX-License-Identifier: Apache-2.0
// All that a run plays with, and what it has done so far.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cluster.hpp"
#include "dice.hpp"
#include "operator_process.hpp"
#include "receiver.hpp"
#include "registry.hpp"
#include "sender.hpp"
#include "targets.hpp"

namespace headwind::soak {

// One repository of the registry.
struct Shelf {
  std::string repository;
  std::set<std::string> tags;
  std::map<std::pair<int, int>, int> lines;                 // (major, minor): the newest patch that works
  std::map<std::string, std::vector<std::int64_t>> pushed;  // by tag
  std::map<std::string, std::string> digests;               // of each tag, now
  std::pair<int, int> newest_line() const { return lines.rbegin()->first; }
};

class World {
 public:
  explicit World(const Settings& settings);

  void make_workloads();
  // One happening, by chance.
  void act();
  // Of the process, the API server, the registry.
  void trouble();
  // What is due by now: a registry that comes back; looks whether the operator still runs.
  void tick();
  // The last new versions of every repository, under fire: whatever happened before, each must be dealt with.
  void last_pushes();
  // Everything answers again and nothing is under way. What still was, where that takes too long.
  std::string come_to_rest();
  // Stops the operator and starts it again. False where it does not end by itself with 0.
  bool restart_politely();

  Dice dice;
  Tally tally;
  end_to_end::Registry registry;
  end_to_end::Receiver receiver;
  std::unique_ptr<end_to_end::OperatorProcess> headwind;
  std::vector<Target> targets;
  std::map<std::string, Shelf> shelves;
  std::vector<std::string> faults;  // what must not happen, as it is seen
  std::size_t most_memory_kib = 0;
  std::unique_ptr<Sender> sender;

  std::string host() const { return registry.host(); }
  Target* find(const std::string& kind, const std::string& name_space, const std::string& name);

 private:
  // actions.cpp
  void push_new();
  void push_failing();
  void push_disallowed();
  void last_failures();
  void push_again();
  void announce_again();
  void push(Shelf& shelf, const std::string& tag, const std::string& content = {});
  Shelf& any_shelf();
  // people.cpp
  void answer();
  void edit_by_hand();
  void undo();
  void roll_back();
  void release();
  void recreate();
  void suspend();
  void set_suspended(Target& target, bool suspended);
  void create(Target& target, const std::string& tag);
  std::vector<Json> pending() const;
  // trouble.cpp
  void kill();
  void restart_api_server();
  void stop_registry();
  void start_operator();
  void note_memory();
  std::string under_way();

  std::int64_t registry_back_ms_ = 0;  // 0: it runs
  std::size_t contents_ = 0;
};

}  // namespace headwind::soak
