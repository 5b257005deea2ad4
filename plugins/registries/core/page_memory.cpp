// SPDX-License-Identifier: Apache-2.0
#include "registries/core/page_memory.hpp"

namespace headwind::registries {
namespace {

constexpr std::size_t overhead = 256;  // of the nodes around a page

}  // namespace

std::shared_ptr<const KnownPage> PageMemory::find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, it->second);
  return it->second->page;
}

void PageMemory::put(const std::string& key, KnownPage page) {
  page.page.names.shrink_to_fit();
  page.page.digests.shrink_to_fit();
  page.page.pushed_ms.shrink_to_fit();
  const std::size_t size = overhead + 2 * key.size() + page.etag.size() + page.link.size() + page.page.bytes();
  const std::lock_guard lock(mutex_);
  if (const auto it = by_key_.find(key); it != by_key_.end()) erase(it->second);
  if (size > budget_) return;
  while (bytes_ + size > budget_) erase(std::prev(entries_.end()));
  entries_.push_front({key, std::make_shared<const KnownPage>(std::move(page)), size});
  by_key_[key] = entries_.begin();
  bytes_ += size;
}

void PageMemory::drop(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (const auto it = by_key_.find(key); it != by_key_.end()) erase(it->second);
}

std::size_t PageMemory::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void PageMemory::erase(Entries::iterator entry) {
  bytes_ -= entry->bytes;
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace headwind::registries
