// SPDX-License-Identifier: Apache-2.0
#include "telemetry/tracer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

namespace headwind::telemetry {
namespace {

std::string hex(std::uint64_t number) {
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number >>= 4U)
    *digit = "0123456789abcdef"[number & 15U];
  return text;
}

std::mt19937_64 seeded() {
  std::random_device device;
  std::array<std::uint32_t, 8> words{};
  std::generate(words.begin(), words.end(), std::ref(device));
  std::seed_seq seed(words.begin(), words.end());
  return std::mt19937_64(seed);
}

struct Installed {
  std::mutex mutex;
  std::shared_ptr<Tracer> tracer;
  std::atomic<bool> is_there{false};  // mostly there is none, or one for good
};

Installed& installed() {
  static auto* const one = new Installed;  // leaked: detached plugin threads may outlive the statics
  return *one;
}

}  // namespace

Tracer::Tracer(TracerOptions options, Metrics& metrics) : options_(options), random_(seeded()) {
  const auto outcome = [&](const char* name) {
    return metrics.counter("headwind_trace_spans_total", "Spans that have ended, by what became of them",
                           {{"outcome", name}});
  };
  outcomes_ = {outcome("exported"), outcome("dropped"), outcome("rejected"), outcome("failed")};
}

TraceContext Tracer::new_context(const TraceContext* parent) {
  TraceContext context;
  {
    const std::lock_guard lock(mutex_);
    const auto some = [this] { return std::max<std::uint64_t>(random_(), 1); };
    context.trace_id = parent != nullptr ? parent->trace_id : hex(some()) + hex(some());
    context.span_id = hex(some());
  }
  context.random = parent == nullptr || parent->random;
  if (parent != nullptr) context.state = parent->state;
  context.sampled = options_.sampler.samples(context.trace_id, parent);
  return context;
}

void Tracer::take(SpanRecord span) {
  bool whole = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    if (waiting_.size() >= options_.max_queue) {
      outcomes_.dropped.add();
      return;
    }
    waiting_.push_back(std::move(span));
    whole = waiting_.size() % std::max<std::size_t>(options_.max_batch, 1) == 0;
  }
  if (whole && on_batch_) on_batch_();
}

void Tracer::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  waiting_.clear();
}

std::vector<SpanRecord> Tracer::batch() {
  const std::lock_guard lock(mutex_);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(options_.max_batch, waiting_.size()));
  std::vector<SpanRecord> some(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return some;
}

std::size_t Tracer::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

std::shared_ptr<Tracer> tracer() {
  Installed& one = installed();
  if (!one.is_there.load(std::memory_order_acquire)) return nullptr;
  const std::lock_guard lock(one.mutex);
  return one.tracer;
}

void set_tracer(std::shared_ptr<Tracer> tracer) {
  Installed& one = installed();
  std::shared_ptr<Tracer> former;  // ends outside of the lock
  const std::lock_guard lock(one.mutex);
  one.is_there.store(tracer != nullptr, std::memory_order_release);
  former = std::exchange(one.tracer, std::move(tracer));
}

}  // namespace headwind::telemetry
