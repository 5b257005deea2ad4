// SPDX-License-Identifier: Apache-2.0
// How much memory a long list of tags takes at its peak: counted by the allocator, so it holds on any machine.
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "plugins_registries/scripted_transport.hpp"
#include "registries/core/client.hpp"

#if defined(HEADWIND_SANITIZED)  // by the build: it has operators of its own, and tells of each call
#include <sanitizer/allocator_interface.h>
#endif

namespace {

std::atomic<std::int64_t> held{0};
std::atomic<std::int64_t> peak{0};

void count(std::size_t size) {
  const auto now = held += static_cast<std::int64_t>(size);
  for (auto before = peak.load(); before < now && !peak.compare_exchange_weak(before, now);) {
  }
}

}  // namespace

#if defined(HEADWIND_SANITIZED)
namespace {
[[maybe_unused]] const int installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t size) { count(size); },
    [](const volatile void* at) {
      held -= static_cast<std::int64_t>(__sanitizer_get_allocated_size(const_cast<const void*>(at)));
    });
}  // namespace
#else
namespace {

void* counted(std::size_t size) {
  void* out = std::malloc(size == 0 ? 1 : size);
  if (out == nullptr) throw std::bad_alloc();
  count(malloc_usable_size(out));
  return out;
}

void release(void* at) {
  held -= static_cast<std::int64_t>(malloc_usable_size(at));
  std::free(at);
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* at) noexcept { release(at); }
void operator delete[](void* at) noexcept { release(at); }
void operator delete(void* at, std::size_t) noexcept { release(at); }
void operator delete[](void* at, std::size_t) noexcept { release(at); }
#endif

namespace headwind::registries {
namespace {

constexpr std::size_t total = 100'000;
constexpr std::int64_t mebibyte = 1024 * 1024;

std::string rows(std::size_t from, std::size_t to) {
  std::string out = "[";
  for (std::size_t i = from; i < to; ++i) out += (i > from ? ",\"" : "\"") + std::to_string(1'000'000 + i) + "-build\"";
  return out + "]";
}

// What listing takes above what was held before.
std::int64_t peak_of(const ScriptedTransport::Handler& handler) {
  class Unnoted : public ScriptedTransport {
   public:
    using ScriptedTransport::ScriptedTransport;
    Outcome<Response> exchange(const Request& request) override {
      auto out = ScriptedTransport::exchange(request);
      requests.clear();
      return out;
    }
  } transport(handler);
  Client client(*Settings::parse("{}"));
  const auto before = held.load();
  peak = before;
  std::size_t told = 0;
  const auto listed = client.list_tags({"r.test", "org/app"}, transport, [&](const std::vector<std::string>& names) {
    told += names.size();
    return HW_OK;
  });
  EXPECT_TRUE(listed);
  EXPECT_EQ(told, total);
  return peak - before;
}

TEST(Memory, of_a_hundred_thousand_tags_in_pages_is_a_few_bytes_for_each) {
  std::size_t next = 0;
  const auto used = peak_of([&](const Request&) -> Outcome<Response> {
    const auto from = next;
    next += 1000;
    auto out = tags(rows(from, next),
                    next < total ? "</v2/org/app/tags/list?page=" + std::to_string(next) + ">; rel=next" : "");
    out.headers.emplace_back("ETag", "\"" + std::to_string(next) + "\"");
    return out;
  });
  EXPECT_GT(used, mebibyte) << "it counts";
  EXPECT_LT(used, 8 * mebibyte);
}

TEST(Memory, of_a_hundred_thousand_tags_at_once_is_not_much_more_than_their_body) {
  const std::string all = rows(0, total);
  const auto used = peak_of([&](const Request&) -> Outcome<Response> { return tags(all); });
  EXPECT_GT(used, mebibyte) << "it counts";
  EXPECT_LT(used, 12 * mebibyte);
}

}  // namespace
}  // namespace headwind::registries
