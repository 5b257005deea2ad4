// SPDX-License-Identifier: Apache-2.0
// Some 30 workloads live through random pushes, people and crashes; then everything must be as it should.
//
//   make soak SOAK_SECONDS=600 SOAK_SEED=42
//
// A run prints its seed first. HEADWIND_TESTBED_KEEP=1 keeps the logs of everything under /tmp.
#include <cstdlib>
#include <iostream>

#include "testbed/gtest.hpp"
#include "verdict.hpp"

namespace headwind::soak {
namespace {

constexpr std::size_t kMostMemoryKib = 160 * 1024;  // of the operator, in a build without optimisation

void print(const World& world, const Ledger& ledger) {
  std::size_t back = 0;
  for (const Move& move : ledger.moves) back += version_of(tag_of(move.to)) < version_of(tag_of(move.from)) ? 1 : 0;
  for (const auto& [what, count] : world.tally) std::cout << "  " << count << " " << what << "\n";
  std::cout << "  webhooks: " << world.sender->accepted() << " taken, " << world.sender->refused()
            << " refused or not heard\n  requests: " << ledger.requests << "\n  patches: " << ledger.patches << " of "
            << ledger.moves.size() << " images, " << back
            << " of them back\n  most memory: " << world.most_memory_kib / 1024 << " MiB" << std::endl;
}

Breaches check(World& world, const Ledger& ledger) {
  Breaches all = world.faults;
  const auto add = [&](const Breaches& more) { all.insert(all.end(), more.begin(), more.end()); };
  const std::vector<Standing> standings = look(world);
  add(double_patches(world, ledger));
  for (const Standing& standing : standings) {
    add(lost_updates(world, standing));
    add(stuck_requests(standing));
    add(strange_versions(world, standing));
  }
  add(unwanted_updates(world, ledger, standings));
  add(wrong_metrics(world, standings));
  if (world.most_memory_kib > kMostMemoryKib)
    all.push_back("the operator took " + std::to_string(world.most_memory_kib) + " KiB");
  for (const char* bug : {"headwind: bug in", "a request handler failed", "ended with an exception"})
    if (world.headwind->log().find(bug) != std::string::npos) all.push_back(std::string("its log says: ") + bug);
  return all;
}

TEST(Soak, nothing_is_lost_doubled_or_stuck) {
  HEADWIND_NEEDS_CONTROL_PLANE();
  // Chance must not decide whether somebody else's change may land.
  if (std::getenv("HEADWIND_SOAK_SECONDS") == nullptr) GTEST_SKIP() << "No soak: HEADWIND_SOAK_SECONDS is not set";
  const Settings settings = settings_from_environment();
  std::cout << "HEADWIND_SOAK_SEED=" << settings.seed << " for " << settings.duration.count() << " s" << std::endl;
  testbed::shared({.controllers = true, .nodes = true, .audited_user = end_to_end::operator_user});
  World world(settings);
  world.make_workloads();
  const auto end = std::chrono::steady_clock::now() + settings.duration;
  while (std::chrono::steady_clock::now() < end) {
    world.tick();
    world.act();
    std::this_thread::sleep_for(world.dice.up_to(250));
  }
  world.last_pushes();
  EXPECT_EQ(world.come_to_rest(), "");
  const Ledger ledger = read_ledger();
  for (const std::string& breach : check(world, ledger)) ADD_FAILURE() << breach;
  print(world, ledger);

  // What has come to rest stays as it is, also for one who knows only what is written down.
  const std::uint64_t mark = end_to_end::plane().audit().mark();
  EXPECT_TRUE(world.restart_politely());
  EXPECT_EQ(world.come_to_rest(), "");
  for (const Move& move : read_ledger(mark).moves)
    ADD_FAILURE() << "after the end: " << move.workload << " " << move.to;
  if (HasFailure()) std::cerr << world.headwind->log() << std::endl;
}

}  // namespace
}  // namespace headwind::soak
