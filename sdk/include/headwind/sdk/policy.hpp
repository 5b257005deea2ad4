// SPDX-License-Identifier: Apache-2.0
// A policy in C++: derive from hw::policy and write one of
//
//   hw::choice choose(const hw::call&, const hw::query&, const hw::tags&);
//   hw::choice choose(const hw::call&, const hw::query&, const hw::tags&, const hw::verdicts&);
//
// The second also explains each candidate, which people see in `headwind policy test`; with the first, all but the
// chosen one are held without a reason. Several threads may be inside choose at once, unless the plugin says .serial =
// true.
#pragma once
#include <headwind/policy.h>
#include <headwind/sdk/guard.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace hw {

struct policy {};

enum class verdict : std::int32_t {
  hold = HW_HOLD,       // comparable, but not newer, or not allowed
  update = HW_UPDATE,   // acceptable
  ignored = HW_IGNORED  // not comparable
};

// The question, as views. See hw_policy_query for what each member holds.
struct query {
  std::string_view policy = {}, pattern = {}, args = {}, repository = {}, tag = {}, digest = {}, slot = {},
                   workload = {};
  std::int64_t created_ms = 0;
  bool pushed = false;  // a push named these candidates
};

// The answer: tags[index] is to run, or everything stays as it is.
struct choice {
  hw::verdict verdict = hw::verdict::hold;
  std::size_t index = 0;
  std::string why = {};  // one sentence

  static choice update(std::size_t row, std::string reason = {}) {
    return {hw::verdict::update, row, std::move(reason)};
  }
  static choice hold(std::string reason = {}) { return {hw::verdict::hold, 0, std::move(reason)}; }
};

// A batch of tags. Columns that are not known read as empty or 0.
class tags {
 public:
  explicit tags(const hw_tags* raw) : raw_(raw) {}
  std::size_t size() const { return raw_->count; }
  std::string_view name(std::size_t row) const { return view(raw_->names[row]); }
  std::string_view digest(std::size_t row) const {
    return raw_->digests ? view(raw_->digests[row]) : std::string_view{};
  }
  std::int64_t created_ms(std::size_t row) const { return raw_->created_ms ? raw_->created_ms[row] : 0; }
  std::int64_t pushed_ms(std::size_t row) const { return raw_->pushed_ms ? raw_->pushed_ms[row] : 0; }
  const hw_tags* raw() const { return raw_; }

 private:
  const hw_tags* raw_;
};

// Takes the fate of each candidate, and the sentence about the choice. Ask wanted() before composing reasons.
class verdicts {
 public:
  verdicts(const hw_verdict_sink* raw, bool why_wanted) : raw_(raw), why_wanted_(why_wanted) {}
  bool wanted() const { return raw_ != nullptr; }
  bool why_wanted() const { return why_wanted_; }
  void put(std::size_t row, verdict fate, std::string_view reason) const {
    if (raw_) detail::check_sink(raw_->put(raw_->ctx, row, static_cast<std::int32_t>(fate), str(reason)));
  }

 private:
  const hw_verdict_sink* raw_;
  bool why_wanted_;
};

template <class T>
concept explaining_policy = requires(T& self, const call& c, const query& q, const tags& t, const verdicts& v) {
  { self.choose(c, q, t, v) } -> std::same_as<choice>;
};
template <class T>
concept plain_policy = requires(T& self, const call& c, const query& q, const tags& t) {
  { self.choose(c, q, t) } -> std::same_as<choice>;
};
template <class T>
concept policy_plugin = explaining_policy<T> || plain_policy<T>;

namespace detail {

template <policy_plugin T>
hw_status choose(void* self, const hw_call* raw, const hw_policy_query* q, const hw_tags* candidates, hw_choice* out,
                 const hw_sink* why, const hw_verdict_sink* sink) noexcept {
  const bool complete = q && HW_HAS(hw_policy_query, q, workload) && candidates &&
                        HW_HAS(hw_tags, candidates, pushed_ms) && out && HW_HAS(hw_choice, out, index) &&
                        (!sink || HW_HAS(hw_verdict_sink, sink, put));
  return guard(raw, complete, [&](const call& current) {
    const query question{
        view(q->policy), view(q->pattern), view(q->args),     view(q->repository), view(q->tag),
        view(q->digest), view(q->slot),    view(q->workload), q->created_ms,       (q->flags & HW_POLICY_PUSHED) != 0};
    auto& plugin = *static_cast<T*>(self);
    choice answer;
    if constexpr (explaining_policy<T>) {
      answer = plugin.choose(current, question, tags(candidates), verdicts(sink, why != nullptr));
    } else {
      answer = plugin.choose(current, question, tags(candidates));
      const verdicts fates(sink, why != nullptr);
      for (std::size_t row = 0; fates.wanted() && row < candidates->count; ++row) {
        const bool chosen = answer.verdict == verdict::update && row == answer.index;
        fates.put(row, chosen ? verdict::update : verdict::hold, chosen ? std::string_view(answer.why) : "");
      }
    }
    out->verdict = static_cast<std::int32_t>(answer.verdict);
    out->index = answer.index;
    if (why && !answer.why.empty()) check_sink(why->write(why->ctx, str(answer.why)));
  });
}

template <class T>
struct policy_table {
  static_assert(policy_plugin<T>,
                "a policy needs: hw::choice choose(const hw::call&, const hw::query&, const hw::tags&)");
  static constexpr std::int32_t kind = HW_KIND_POLICY;
  static constexpr hw_policy_api api{sizeof(hw_policy_api), 0, &choose<T>};
};

}  // namespace detail
}  // namespace hw
