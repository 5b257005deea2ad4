// SPDX-License-Identifier: Apache-2.0
// One statement about an object, which holds or does not.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "workloads/core/json_object.hpp"
#include "workloads/core/json_path.hpp"

namespace headwind::workloads::generic {

// About an entry of status.conditions. One that speaks of an older generation of the object does not count.
struct ConditionTest {
  std::string type, status;
  std::vector<std::string> reasons;  // empty: any
};

// About the value at a path, and maybe one at another path. What is null is not there. Scalars are compared by their
// text, since some controllers write numbers as texts.
struct ValueTest {
  enum class Kind { equals, in, exists, absent, at_least };
  Kind kind = Kind::equals;
  JsonPath path;
  std::vector<std::string> values;  // equals: one; in: any of them
  std::optional<JsonPath> other;    // equals, at_least: the value there instead
  double least = 0;                 // at_least, without `other`
};

struct Rule {
  std::variant<ValueTest, ConditionTest> test;
  std::string text;                 // said where the rule speaks; or empty
  std::optional<JsonPath> message;  // or what stands there

  // A stale status is no ground for it.
  bool reads_status() const;
};

// A number that is not there counts as 0, because controllers leave out zeros; but nothing is at least what is not
// there.
bool holds(const Rule& rule, Value root);

// "$.status.phase is Degraded; RolloutAborted: ...": what is found now, and the rule's message.
std::string found(const Rule& rule, Value root);
// "$.status.phase is Progressing, not Healthy; ...": and what it lacks.
std::string lacking(const Rule& rule, Value root);

// The text of a scalar, as rules compare it; nothing for lists, objects and null.
std::optional<std::string> scalar_text(Value value);
std::string number_text(double number);

// A number, or a text that spells one.
std::optional<double> number_at(Value root, const JsonPath& path);

}  // namespace headwind::workloads::generic
