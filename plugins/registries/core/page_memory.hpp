// SPDX-License-Identifier: Apache-2.0
// Pages of tag lists with their ETags, so that an unchanged page costs no body. The least recently used go first.
#pragma once
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "registries/core/tag_page.hpp"

namespace headwind::registries {

struct KnownPage {
  std::string etag;
  std::string link;  // the registry's link to the next page; or empty
  TagPage page;
};

class PageMemory {  // safe from several threads
 public:
  explicit PageMemory(std::size_t budget = 32 * 1024 * 1024) : budget_(budget) {}

  // By URL and account: what one may read is not another's.
  std::shared_ptr<const KnownPage> find(const std::string& key);
  void put(const std::string& key, KnownPage page);
  void drop(const std::string& key);
  std::size_t bytes() const;  // never above the budget

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const KnownPage> page;
    std::size_t bytes = 0;
  };
  using Entries = std::list<Entry>;
  void erase(Entries::iterator entry);

  const std::size_t budget_;
  mutable std::mutex mutex_;
  std::size_t bytes_ = 0;
  Entries entries_;  // the last used in front
  std::map<std::string, Entries::iterator> by_key_;
};

}  // namespace headwind::registries
