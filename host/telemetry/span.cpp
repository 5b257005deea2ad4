// SPDX-License-Identifier: Apache-2.0
#include "telemetry/span.hpp"

#include <algorithm>
#include <chrono>

#include "telemetry/tracer.hpp"

namespace headwind::telemetry {
namespace {

std::int64_t unix_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

AttributeValue cut(AttributeValue value) {
  if (auto* text = std::get_if<std::string>(&value); text != nullptr && text->size() > longest_value)
    text->resize(longest_value);
  if (auto* list = std::get_if<std::vector<std::string>>(&value); list != nullptr) {
    if (list->size() > most_attributes) list->resize(most_attributes);
    for (std::string& text : *list)
      if (text.size() > longest_value) text.resize(longest_value);
  }
  return value;
}

}  // namespace

// Shared with what was started below it, which may outlive it: from then on only its context counts.
struct Span::Live {
  TraceContext context;
  std::unique_ptr<SpanRecord> record;  // null where it is not recorded, or has ended
  std::chrono::steady_clock::time_point began;
  std::shared_ptr<Tracer> tracer;

  static std::shared_ptr<Live> current() { return std::static_pointer_cast<Live>(local_value()); }
  static std::shared_ptr<Live> begin(std::string name, const SpanOptions& options);

  void set(std::string_view key, AttributeValue value) const {
    if (!record) return;
    Attributes& all = record->attributes;
    const auto known = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == key; });
    if (known != all.end())
      known->second = cut(std::move(value));
    else if (all.size() < most_attributes)
      all.emplace_back(key, cut(std::move(value)));
  }
  void link(std::string_view trace) const {
    if (!record || record->links.size() >= most_links) return;
    if (auto other = parse_trace_text(trace)) record->links.push_back(std::move(*other));
  }
  void end() {
    if (!record) return;
    const auto lasted = std::chrono::steady_clock::now() - began;
    const std::int64_t now = unix_ns();
    // A clock that was set meanwhile does not matter, unless the beginning was given: then only the clock knows.
    record->end_ns = record->end_ns != 0
                         ? std::max(record->start_ns, now)
                         : record->start_ns + std::chrono::duration_cast<std::chrono::nanoseconds>(lasted).count();
    tracer->take(std::move(*std::exchange(record, nullptr)));
  }
};

std::shared_ptr<Span::Live> Span::Live::begin(std::string name, const SpanOptions& options) {
  std::optional<TraceContext> parent = parse_trace_text(options.parent);
  const std::shared_ptr<Live> around = current();
  if (!parent && around && !options.always_a_root) parent = around->context;
  if (!parent && !options.may_be_root) return nullptr;
  const std::shared_ptr<Tracer> tracer = telemetry::tracer();
  if (!tracer && !parent) return nullptr;
  auto live = std::make_shared<Live>();
  if (!tracer) {
    live->context = std::move(*parent);
    return live;
  }
  live->context = tracer->new_context(parent ? &*parent : nullptr);
  if (!live->context.sampled) return live;
  live->tracer = tracer;
  live->began = std::chrono::steady_clock::now();
  live->record = std::make_unique<SpanRecord>();
  SpanRecord& record = *live->record;
  record.context = live->context;
  if (parent) record.parent_id = parent->span_id;
  record.name = std::move(name);
  record.kind = options.kind;
  record.start_ns = options.start_ms != 0 ? options.start_ms * 1'000'000 : unix_ns();
  record.end_ns = options.start_ms != 0 ? 1 : 0;  // see end()
  if (!options.linked.empty()) live->link(options.linked);
  return live;
}

// Where there is no span, the current one stays what it is.
Span::Span(std::string name, SpanOptions options)
    : live_(Live::begin(std::move(name), options)), scope_(live_ ? LocalValue(live_) : local_value()) {}
Span::~Span() {
  if (live_) live_->end();
}

void Span::rename(std::string name) {
  if (is_recorded()) live_->record->name = std::move(name);
}
void Span::set(std::string_view key, AttributeValue value) {
  if (live_) live_->set(key, std::move(value));
}
void Span::link(std::string_view trace) {
  if (live_) live_->link(trace);
}
void Span::fail(std::string_view sentence, std::string_view type) {
  if (!is_recorded()) return;
  live_->record->failed = true;
  live_->record->error = sentence.substr(0, longest_value);
  if (!type.empty()) set("error.type", std::string(type));
}
bool Span::is_recorded() const { return live_ && live_->record; }
std::string Span::text() const { return live_ ? text_of(live_->context) : std::string(); }

std::optional<TraceContext> Current::context() {
  const auto live = Span::Live::current();
  return live ? std::optional(live->context) : std::nullopt;
}
std::string Current::text() {
  const auto live = Span::Live::current();
  return live ? text_of(live->context) : std::string();
}
void Current::link(std::string_view trace) {
  if (const auto live = Span::Live::current()) live->link(trace);
}
void Current::set(std::string_view key, AttributeValue value) {
  if (const auto live = Span::Live::current()) live->set(key, std::move(value));
}
void Current::rename(std::string name) {
  if (const auto live = Span::Live::current(); live && live->record) live->record->name = std::move(name);
}

std::string parent_of(std::string_view kept) {
  const auto current = Current::context();
  return current && current->trace_id == trace_id_in(kept) ? std::string() : std::string(kept);
}

SpanOptions answer_to(const std::string& kept) {
  SpanOptions options;
  options.parent = parent_of(kept);
  if (options.parent.empty()) return options;
  options.linked = Current::text();
  Current::link(kept);
  return options;
}

}  // namespace headwind::telemetry
