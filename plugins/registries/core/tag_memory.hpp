// SPDX-License-Identifier: Apache-2.0
// What each place named a tag last, so that a mirror that lags behind does not undo what the registry told while the
// mirror was away. The least recently asked tags are forgotten first.
#pragma once
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::registries {

class TagMemory {  // safe from several threads
 public:
  enum class Verdict {
    stands,   // it is the answer
    behind,   // it names what it named before another place told of another digest: ask the next one
    unheard,  // it is new to us and contradicts what another place named last: only the registry can tell
  };

  explicit TagMemory(std::size_t most = 16'384) : most_(most) {}

  // The place names the digest. `key` is the tag, whoever asks: what one heard only makes the registry be asked again,
  // with the other's own account. `place` counts
  // from 0 in the order of asking; what the registry itself says always stands, and so does a mirror that moved on.
  Verdict named(const std::string& key, std::size_t place, bool is_mirror, const std::string& digest);
  std::size_t size() const;

 private:
  struct Entry {
    std::string key;
    std::vector<std::string> named;  // by place, the last; empty: not heard yet
    std::size_t place = 0;           // whose digest was the answer the last time
    std::string digest;              // empty: there was none
  };
  using Entries = std::list<Entry>;
  Entry& at(const std::string& key);

  const std::size_t most_;
  mutable std::mutex mutex_;
  Entries entries_;                                       // the last asked in front
  std::map<std::string_view, Entries::iterator> by_key_;  // the keys are those of the entries
};

}  // namespace headwind::registries
