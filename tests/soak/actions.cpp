// SPDX-License-Identifier: Apache-2.0
// What comes from the registry.
#include "world.hpp"

namespace headwind::soak {

namespace {
constexpr std::size_t most_delay_ms = 1500;  // webhooks overtake each other
}

Shelf& World::any_shelf() {
  auto place = shelves.begin();
  std::advance(place, dice.below(shelves.size()));
  return place->second;
}

void World::push(Shelf& shelf, const std::string& tag, const std::string& content) {
  const std::string image = host() + "/" + shelf.repository;
  // Some senders tell of a push before the tag can be read.
  const bool early = dice.chance(10);
  const auto delay = dice.up_to(early ? 100 : most_delay_ms);
  const std::string digest = dice.chance(50) ? registry.digest(tag, content) : std::string();
  const bool twice = dice.chance(20);
  if (early) sender->announce(image, tag, digest, delay);
  if (early) std::this_thread::sleep_for(std::chrono::milliseconds(200));
  shelf.digests[tag] = registry.push(shelf.repository, tag, content);
  shelf.pushed[tag].push_back(now_ms());
  shelf.tags.insert(tag);
  if (!early) sender->announce(image, tag, digest, delay);
  if (twice) sender->announce(image, tag, digest, dice.up_to(most_delay_ms));
  if (twice) ++tally["push told twice"];
}

void World::push_new() {
  Shelf& shelf = any_shelf();
  std::pair<int, int> line = shelf.newest_line();
  const std::size_t how = dice.below(10);
  if (how < 4) {
    line = {1, 0};  // for policy patch
  } else if (how < 6) {
    auto old = shelf.lines.begin();
    std::advance(old, dice.below(shelf.lines.size()));
    line = old->first;
  } else if (how < 9) {
    // The newest minor version of the first major one, or of the newest.
    const int major = dice.chance(60) ? 1 : line.first;
    line = std::prev(shelf.lines.upper_bound({major, 1 << 20}))->first;
    ++line.second;
  } else {
    line = {line.first + 1, 0};
  }
  const auto [known, is_new] = shelf.lines.try_emplace(line, 0);
  const int patch = is_new ? 0 : ++known->second;
  push(shelf, Version{line.first, line.second, patch}.text());
  ++tally["push of a good version"];
}

void World::push_failing() {
  constexpr int fates[] = {901, 902, 903, 904, 905, 906};  // tests/testbed/pod-fates.yaml
  Shelf& shelf = any_shelf();
  const auto line = dice.chance(40) ? std::pair{1, 0} : std::prev(shelf.lines.upper_bound({1, 1 << 20}))->first;
  const std::string tag = Version{line.first, line.second, fates[dice.below(std::size(fates))]}.text();
  if (shelf.tags.contains(tag)) return push_new();
  push(shelf, tag);
  ++tally["push of a failing version"];
}

void World::push_disallowed() {
  const std::string number = std::to_string(++contents_);
  const std::vector<std::string> tags{"nightly-" + number, "latest", "9.0.0-rc." + number, "1.99.0-alpine",
                                      "web-1.50." + number};
  push(any_shelf(), tags[dice.below(tags.size())]);
  ++tally["push of a tag that no policy takes"];
}

void World::push_again() {
  Shelf& shelf = any_shelf();
  auto tag = shelf.tags.begin();
  std::advance(tag, dice.below(shelf.tags.size()));
  push(shelf, *tag, "again " + std::to_string(++contents_));
  ++tally["push of a known tag"];
}

void World::announce_again() {
  Shelf& shelf = any_shelf();
  auto tag = shelf.tags.begin();
  std::advance(tag, dice.below(shelf.tags.size()));
  sender->announce(host() + "/" + shelf.repository, *tag, dice.chance(50) ? shelf.digests[*tag] : std::string(),
                   dice.up_to(most_delay_ms));
  ++tally["push told again"];
}

void World::act() {
  const std::size_t what = dice.below(100);
  const bool pushes = what < 52;
  if (pushes && registry_back_ms_ != 0) return announce_again();
  if (what < 25) return push_new();
  if (what < 36) return push_failing();
  if (what < 42) return push_disallowed();
  if (what < 47) return push_again();
  if (what < 52) return announce_again();
  if (what < 76) return answer();
  if (what < 81) return edit_by_hand();
  if (what < 84) return undo();
  if (what < 87) return roll_back();
  if (what < 90) return release();
  if (what < 92) return recreate();
  if (what < 95) return suspend();
  trouble();
}

// Rollouts that fail are under way everywhere when the last versions come.
void World::last_failures() {
  while (registry_back_ms_ != 0) tick();
  for (auto& [name, shelf] : shelves) {
    const int minor = std::prev(shelf.lines.upper_bound({1, 1 << 20}))->first.second;
    push(shelf, Version{1, minor + 1, dice.chance(50) ? 901 : 903}.text());
  }
  end_to_end::eventually([this] { return sender->waiting() == 0; });
  for (int i = 0; i < 20; ++i) answer();
}

void World::last_pushes() {
  // Some are suspended meanwhile, and the operator has had the time to know it.
  for (Target& target : targets)
    if (!target.is_suspended() && dice.chance(20)) set_suspended(target, true);
  last_failures();
  std::this_thread::sleep_for(std::chrono::seconds(5));
  for (auto& [name, shelf] : shelves) {
    // Above all that fail.
    push(shelf, Version{1, 0, 950}.text());
    const int minor = std::prev(shelf.lines.upper_bound({1, 1 << 20}))->first.second;
    push(shelf, Version{1, minor + 2, 0}.text());
    if (const auto newest = shelf.newest_line(); newest.first > 1)
      push(shelf, Version{newest.first, newest.second + 1, 0}.text());
    if (dice.chance(30)) kill();
  }
  // What waited for that goes on by itself.
  for (Target& target : targets)
    if (target.is_suspended()) set_suspended(target, false);
  restart_api_server();
  kill();
}

}  // namespace headwind::soak
