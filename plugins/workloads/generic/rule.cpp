// SPDX-License-Identifier: Apache-2.0
#include "workloads/generic/rule.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "workloads/core/find.hpp"
#include "workloads/core/sentence.hpp"

namespace headwind::workloads::generic {
namespace {

constexpr std::size_t max_conditions = 256, max_shown = 64;

std::optional<double> number_of_text(std::string_view text) {
  double out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc() || end != text.data() + text.size() || !std::isfinite(out)) return std::nullopt;
  return out;
}

std::optional<std::string> text_at(Value root, const JsonPath& path) {
  const auto value = find_one(root, path.steps);
  return value ? scalar_text(*value) : std::nullopt;
}

bool test_value(const ValueTest& test, Value root) {
  using Kind = ValueTest::Kind;
  const auto value = find_one(root, test.path.steps);
  if (test.kind == Kind::exists || test.kind == Kind::absent) return value.has_value() == (test.kind == Kind::exists);
  if (test.kind == Kind::at_least) {
    const auto least = test.other ? number_at(root, *test.other) : std::optional(test.least);
    const auto number = value ? number_at(root, test.path) : std::optional(0.0);
    return number && least && *number >= *least;
  }
  const auto text = value ? scalar_text(*value) : std::nullopt;
  if (!text) return false;
  if (test.other) return text == text_at(root, *test.other);
  return std::find(test.values.begin(), test.values.end(), *text) != test.values.end();
}

// The condition of that type; an error where there is none, or where it speaks of an older generation.
Value find_condition(Value root, const std::string& type) {
  Value found = simdjson::NO_SUCH_FIELD;
  each(root["status"]["conditions"], max_conditions, [&](Value condition) {
    if (found.error() && text_of(condition["type"]) == type) found = condition;
  });
  if (found.error()) return found;
  const std::int64_t now = number_of(root["metadata"]["generation"], 0);
  return number_of(found["observedGeneration"], now) < now ? Value(simdjson::NO_SUCH_FIELD) : found;
}

bool test_condition(const ConditionTest& test, Value root) {
  const Value condition = find_condition(root, test.type);
  if (condition.error() || text_of(condition["status"]) != test.status) return false;
  const auto reason = text_of(condition["reason"]);
  return test.reasons.empty() || std::find(test.reasons.begin(), test.reasons.end(), reason) != test.reasons.end();
}

std::string shown(std::string_view text) { return cut(quote(text), max_shown); }

std::string value_shown(Value root, const JsonPath& path) {
  const auto value = find_one(root, path.steps);
  if (!value) return "absent";
  const auto text = scalar_text(*value);
  if (!text) return value->is_array() ? "a list" : "an object";
  return text->empty() ? "empty" : shown(*text);
}

std::string condition_shown(Value root, const std::string& type) {
  const Value condition = find_condition(root, type);
  std::string out = "condition " + type + " is ";
  if (condition.error()) return out + "not there yet";
  out += shown(text_of(condition["status"]));
  if (const auto reason = text_of(condition["reason"]); !reason.empty()) out += ": " + shown(reason);
  if (const auto message = text_of(condition["message"]); !message.empty()) out += ": " + quote(message);
  return out;
}

std::string any_of(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : " or ") + shown(value);
  return cut(out, 2 * max_shown);
}

std::string expectation(const ValueTest& test, Value root) {
  const auto other = [&] { return test.other->text + " (" + value_shown(root, *test.other) + ")"; };
  switch (test.kind) {
    case ValueTest::Kind::equals: return ", not " + (test.other ? other() : shown(test.values.front()));
    case ValueTest::Kind::in: return ", not " + any_of(test.values);
    case ValueTest::Kind::at_least: return ", less than " + (test.other ? other() : number_text(test.least));
    default: return {};
  }
}

std::string with_message(std::string sentence, const Rule& rule, Value root) {
  if (rule.message) return joined(std::move(sentence), quote(text_at(root, *rule.message).value_or("")));
  return joined(std::move(sentence), rule.text);
}

std::string fact(const Rule& rule, Value root) {
  if (const auto* condition = std::get_if<ConditionTest>(&rule.test)) return condition_shown(root, condition->type);
  const auto& path = std::get<ValueTest>(rule.test).path;
  return path.text + " is " + value_shown(root, path);
}

}  // namespace

std::optional<std::string> scalar_text(Value value) {
  std::string_view text;
  bool boolean = false;
  double number = 0;
  std::int64_t whole = 0;
  if (!value.get(text)) return std::string(text);
  if (!value.get(boolean)) return boolean ? "true" : "false";
  if (!value.get(whole)) return std::to_string(whole);
  if (!value.get(number)) return number_text(number);
  return std::nullopt;
}

std::string number_text(double number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end.ptr};
}

std::optional<double> number_at(Value root, const JsonPath& path) {
  const auto value = find_one(root, path.steps);
  if (!value) return std::nullopt;
  double number = 0;
  if (!value->get(number)) return number;
  return number_of_text(text_of(*value));
}

bool Rule::reads_status() const {
  const auto* value = std::get_if<ValueTest>(&test);
  return !value || value->path.reads_status() || (value->other && value->other->reads_status());
}

bool holds(const Rule& rule, Value root) {
  if (const auto* condition = std::get_if<ConditionTest>(&rule.test)) return test_condition(*condition, root);
  return test_value(std::get<ValueTest>(rule.test), root);
}

std::string found(const Rule& rule, Value root) { return with_message(fact(rule, root), rule, root); }

std::string lacking(const Rule& rule, Value root) {
  std::string sentence = fact(rule, root);
  if (const auto* value = std::get_if<ValueTest>(&rule.test)) sentence += expectation(*value, root);
  return with_message(std::move(sentence), rule, root);
}

}  // namespace headwind::workloads::generic
