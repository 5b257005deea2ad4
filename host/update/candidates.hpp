// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace headwind::update {

struct Candidate {
  std::string tag;
  std::string digest;           // empty where unknown
  std::int64_t pushed_ms = 0;   // Unix time; 0 where the registry does not tell
  std::int64_t created_ms = 0;  // the same, as whoever built it says
};

// All tags of a repository as they were read once, shared by everybody who decides from it. The tag that a workload
// runs carries its digest where its policy may follow one.
using TagList = std::shared_ptr<const std::vector<Candidate>>;

// What a policy chooses from: a list that is shared, some beside it, less those that are skipped. However long the
// list is, it is never copied; a candidate is named by its place, the list's first.
class Candidates {
 public:
  Candidates() = default;
  Candidates(std::vector<Candidate> some)  // NOLINT(google-explicit-constructor): some candidates are Candidates
      : others_(std::move(some)) {}

  void share(TagList list) { list_ = std::move(list); }  // before anything is skipped
  void add(Candidate candidate) { others_.push_back(std::move(candidate)); }
  void skip(std::size_t place) {
    const auto at = std::lower_bound(skipped_.begin(), skipped_.end(), place);
    if (at == skipped_.end() || *at != place) skipped_.insert(at, place);
  }
  // Skips those for which `wanted` (of a const Candidate&) holds; whether there were any.
  template <class Wanted>
  bool skip_if(Wanted wanted) {
    const std::size_t before = skipped_.size();
    for (std::size_t place = 0; place < places(); ++place)
      if (has(place) && wanted(at(place))) skip(place);
    return skipped_.size() != before;
  }

  const TagList& list() const { return list_; }
  std::size_t listed() const { return list_ == nullptr ? 0 : list_->size(); }
  std::size_t places() const { return listed() + others_.size(); }
  const Candidate& at(std::size_t place) const {
    return place < listed() ? (*list_)[place] : others_.at(place - listed());
  }
  bool has(std::size_t place) const { return !std::binary_search(skipped_.begin(), skipped_.end(), place); }
  std::size_t size() const { return places() - skipped_.size(); }
  bool empty() const { return size() == 0; }
  // `visit(place, candidate)` for all that are not skipped, in order.
  template <class Visit>
  void each(Visit visit) const {
    auto skipped = skipped_.begin();
    for (std::size_t place = 0; place < places(); ++place) {
      if (skipped != skipped_.end() && *skipped == place)
        ++skipped;
      else
        visit(place, at(place));
    }
  }

 private:
  TagList list_;
  std::vector<Candidate> others_;
  std::vector<std::size_t> skipped_;  // sorted
};

}  // namespace headwind::update
