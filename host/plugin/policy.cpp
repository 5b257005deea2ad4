// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "plugin/choose.hpp"
#include "plugin/guard.hpp"
#include "plugin/instance.hpp"
#include "plugin/seat.hpp"

namespace headwind::plugin {
namespace {

constexpr std::size_t kMaxReasons = 64U << 20U;  // of all candidates together

std::vector<hw_str> lend_all(const std::vector<std::string>& column) {
  std::vector<hw_str> out;
  out.reserve(column.size());
  for (const std::string& text : column) out.push_back(lend(text));
  return out;
}

// A column is lent where every row has a value; else it is unknown.
template <class Column>
auto lend_column(const Column& column, std::size_t count) -> decltype(column.data()) {
  return column.size() == count ? column.data() : nullptr;
}

bool is_verdict(std::int32_t verdict) { return verdict >= HW_HOLD && verdict <= HW_IGNORED; }

}  // namespace

Choose::Choose(std::shared_ptr<Instance> instance, PolicyQuery query, Tags candidates, bool judgements)
    : Frame(std::move(instance), Function::choose),
      query_(std::move(query)),
      candidates_(std::move(candidates)),
      judgements_(judgements),
      names_(lend_all(candidates_.names)),
      digests_(lend_all(candidates_.digests)) {
  if (!judgements_) return;
  choice.judgements.resize(names_.size());
  judged_.resize(names_.size());
}

hw_status Choose::enter(const hw_call& call, std::size_t) {
  const std::uint32_t minor = instance().runtime().abi_minor;
  hw_policy_query query{};
  query.struct_size = lent_size<hw_policy_query>(minor);
  query.flags = query_.pushed ? HW_POLICY_PUSHED : 0;
  query.policy = lend(query_.policy);
  query.pattern = lend(query_.pattern);
  query.args = lend(query_.args);
  query.repository = lend(query_.repository);
  query.tag = lend(query_.tag);
  query.digest = lend(query_.digest);
  query.created_ms = query_.created_ms;
  query.slot = lend(query_.slot);
  query.workload = lend(query_.workload);

  hw_tags tags{};
  tags.struct_size = lent_size<hw_tags>(minor);
  tags.count = names_.size();
  tags.names = names_.data();
  tags.digests = lend_column(digests_, names_.size());
  tags.created_ms = lend_column(candidates_.created_ms, names_.size());
  tags.pushed_ms = lend_column(candidates_.pushed_ms, names_.size());

  hw_choice out{};
  out.struct_size = lent_size<hw_choice>(minor);
  const hw_status status = instance().api<hw_policy_api>().choose(
      instance().self, &call, &query, &tags, &out, &sinks().text, judgements_ ? &sinks().verdicts : nullptr);
  return status == HW_OK ? check(out) : status;
}

hw_status Choose::on_text(hw_str chunk) {
  if (chunk.len > HW_MAX_TEXT - std::min<std::size_t>(choice.why.size(), HW_MAX_TEXT) ||
      (chunk.ptr == nullptr && chunk.len != 0))
    return reject("the sentence about the choice is longer than " + std::to_string(HW_MAX_TEXT) + " bytes");
  choice.why += view(chunk);
  return HW_OK;
}

hw_status Choose::on_verdict(std::size_t row, std::int32_t verdict, hw_str reason) {
  if (row >= choice.judgements.size() || !is_verdict(verdict) || !is_text(reason))
    return reject("a verdict names a row, a value or a reason that is not one");
  reason_bytes_ += reason.len;
  if (reason_bytes_ > kMaxReasons) return reject("the reasons of the verdicts are longer than 64 MiB together");
  choice.judgements[row] = {Verdict{verdict}, printable(blot(view(reason)))};
  judged_[row] = true;
  return HW_OK;
}

hw_status Choose::check(const hw_choice& out) {
  if (!is_verdict(out.verdict)) return bad_output("the plugin gave the unknown verdict " + std::to_string(out.verdict));
  if (out.verdict == HW_UPDATE && out.index >= names_.size())
    return bad_output("the plugin chose row " + std::to_string(out.index) + " of " + std::to_string(names_.size()) +
                      " candidates");
  // Only now, because a chunk may end within a character.
  if (!is_text(lend(choice.why))) return bad_output("the sentence about the choice is not UTF-8");
  choice.why = printable(blot(choice.why));
  if (const auto missing = std::ranges::find(judged_, false); missing != judged_.end())
    return bad_output("the plugin judged no candidate in row " + std::to_string(missing - judged_.begin()));
  choice.verdict = Verdict{out.verdict};
  choice.index = out.verdict == HW_UPDATE ? static_cast<std::size_t>(out.index) : 0;
  return HW_OK;
}

namespace {

Task<Result<Choice>> choose_one(std::shared_ptr<Choose> frame) {
  const Result<> ran = co_await run_one(frame);
  if (!ran) co_return ran.error();
  co_return std::move(frame->choice);
}

}  // namespace

const std::string& Policy::name() const { return seat_->name(); }
const std::string& Policy::plugin() const { return seat_->instance()->config().plugin; }

Task<Result<Choice>> Policy::choose(PolicyQuery query, Tags candidates, bool judgements) const {
  return choose_one(in_trace(
      trace_id_, std::make_shared<Choose>(seat_->instance(), std::move(query), std::move(candidates), judgements)));
}

}  // namespace headwind::plugin
