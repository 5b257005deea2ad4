// SPDX-License-Identifier: Apache-2.0
// All tags of a repository at one place, page by page. A chain that breaks, repeats itself, leads elsewhere or has no
// end is a failure: a short list is never taken for the whole one.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "registries/core/exchange.hpp"
#include "registries/core/page_memory.hpp"
#include "registries/core/tag_set.hpp"

namespace headwind::registries {

// At most 1000 tags. The columns are empty where the registry does not tell, otherwise as long as names.
struct TagRows {
  std::vector<std::string> names;
  std::vector<std::string> digests = {};
  std::vector<std::int64_t> pushed_ms = {};
};
using OnTags = std::function<hw_status(const TagRows&)>;  // HW_OK: go on

class TagListing {
 public:
  // `what` is for sentences: "the tags of ghcr.io/org/app". All must outlive it.
  TagListing(Exchange& exchange, PageMemory& memory, const Target& target, std::string what, Transport& transport)
      : exchange_(exchange), memory_(memory), target_(target), what_(std::move(what)), transport_(transport) {}

  // Every tag once; answers how many.
  Outcome<std::size_t> run(const OnTags& on_tags);

 private:
  using Page = std::shared_ptr<const KnownPage>;
  Outcome<Page> fetch(const std::string& url, bool first);
  Outcome<Page> read(const Response& response, const std::string& key, const Page& known);
  // How many were new.
  Outcome<std::size_t> emit(const TagPage& page, const OnTags& on_tags);
  Outcome<std::string> follow(const std::string& from, const std::string& link) const;
  Failure broken(const std::string& why) const;

  Exchange& exchange_;
  PageMemory& memory_;
  const Target& target_;
  std::string what_;
  Transport& transport_;
  TagSet seen_;
};

}  // namespace headwind::registries
