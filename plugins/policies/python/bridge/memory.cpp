// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include <Python.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>

namespace headwind::python {
namespace {

thread_local Budget* charged = nullptr;
PyMemAllocatorEx raw;
PyObjectArenaAllocator arenas;

bool refuses(std::size_t size) {
  return charged != nullptr && charged->enforced &&
         static_cast<std::int64_t>(std::min(size, std::size_t{1} << 62U)) > charged->limit - charged->used;
}
void add(std::size_t size) {
  if (charged != nullptr) charged->used += static_cast<std::int64_t>(size);
}
// Another script's garbage may be collected here: nobody gets more than nothing for it.
void take(std::size_t size) {
  if (charged != nullptr) charged->used = std::max<std::int64_t>(0, charged->used - static_cast<std::int64_t>(size));
}

void* counted(void* block) {
  if (block != nullptr && charged != nullptr) add(malloc_usable_size(block));
  return block;
}
void* allocate(void*, std::size_t size) { return refuses(size) ? nullptr : counted(raw.malloc(raw.ctx, size)); }
void* allocate_zeroed(void*, std::size_t count, std::size_t size) {
  const bool overflows = size != 0 && count > SIZE_MAX / size;
  return overflows || refuses(count * size) ? nullptr : counted(raw.calloc(raw.ctx, count, size));
}
void* reallocate(void*, void* block, std::size_t size) {
  const std::size_t before = block == nullptr || charged == nullptr ? 0 : malloc_usable_size(block);
  if (size > before && refuses(size - before)) return nullptr;
  void* moved = raw.realloc(raw.ctx, block, size);
  if (moved == nullptr) return nullptr;
  take(before);
  return counted(moved);
}
void release(void*, void* block) {
  if (block != nullptr && charged != nullptr) take(malloc_usable_size(block));
  raw.free(raw.ctx, block);
}

void* allocate_arena(void*, std::size_t size) {
  if (refuses(size)) return nullptr;
  void* arena = arenas.alloc(arenas.ctx, size);
  if (arena != nullptr) add(size);
  return arena;
}
void release_arena(void*, void* arena, std::size_t size) {
  take(size);
  arenas.free(arenas.ctx, arena, size);
}

}  // namespace

void charge(Budget* budget) { charged = budget; }
bool is_enforced() { return charged != nullptr && charged->enforced; }

void watch_allocations() {
  PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &raw);
  PyMemAllocatorEx watched{nullptr, allocate, allocate_zeroed, reallocate, release};
  PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &watched);
  PyObject_GetArenaAllocator(&arenas);
  PyObjectArenaAllocator watched_arenas{nullptr, allocate_arena, release_arena};
  PyObject_SetArenaAllocator(&watched_arenas);
}

}  // namespace headwind::python
