// SPDX-License-Identifier: Apache-2.0
// For tags that are a word and a number, such as build-142: the highest number of those with the running tag's word.
#include <headwind/sdk.hpp>
#include <headwind/sdk/natural.hpp>

#include <string>
#include <string_view>

namespace {

// The digits that a tag ends with; empty where it ends with something else.
std::string_view number_of(std::string_view tag) {
  std::size_t begin = tag.size();
  while (begin > 0 && hw::is_digit(tag[begin - 1])) --begin;
  return tag.substr(begin);
}

std::string_view word_of(std::string_view tag) { return tag.substr(0, tag.size() - number_of(tag).size()); }

class Sample : public hw::policy {
 public:
  // Judges all candidates in one call, and only computes: no files, no network. Several threads may be in here at once.
  // Every candidate gets a verdict with its reason, which people see when they ask why nothing happened. What is wrong
  // with the workload's annotations is thrown: hw::error(hw::code::invalid, "what, and what to do").
  hw::choice choose(const hw::call&, const hw::query& query, const hw::tags& tags, const hw::verdicts& verdicts) {
    std::size_t best = tags.size();
    for (std::size_t row = 0; row < tags.size(); ++row) {
      const std::string_view tag = tags.name(row);
      if (number_of(tag).empty() || number_of(query.tag).empty() || word_of(tag) != word_of(query.tag)) {
        verdicts.put(row, hw::verdict::ignored, "is not of the running tag's form");
      } else if (hw::compare_numbers(number_of(tag), number_of(query.tag)) <= 0) {
        verdicts.put(row, hw::verdict::hold, "has no higher number than the running tag");
      } else {
        verdicts.put(row, hw::verdict::update, "has a higher number");
        if (best == tags.size() || hw::compare_numbers(number_of(tag), number_of(tags.name(best))) > 0) best = row;
      }
    }
    if (best == tags.size()) return hw::choice::hold("no tag has a higher number than " + std::string(query.tag));
    return hw::choice::update(best, std::string(tags.name(best)) + " has the highest number");
  }
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Sample>{
    .id = "com.example.policy.sample", .version = "0.1.0", .summary = "The highest number of a word and a number"});
