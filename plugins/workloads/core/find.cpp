// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/find.hpp"

namespace headwind::workloads {
namespace {

Value next(Value here, const Step& step) {
  return step.kind == Step::Kind::item ? Value(here.at(step.index)) : Value(here[step.name]);
}

class Walk {
 public:
  Walk(const Steps& path, std::size_t most, std::vector<Match>& out) : path_(path), most_(most), out_(out) {}

  // As deep as the path is long.
  void go(Value here) {
    if (here.error() || out_.size() == most_) return;
    const std::size_t depth = way_.size();
    if (depth == path_.size()) {
      if (!here.is_null()) out_.push_back({here, way_});
      return;
    }
    const Step& step = path_[depth];
    if (step.kind != Step::Kind::each) return turn(next(here, step), step);
    simdjson::dom::array items;
    simdjson::dom::object members;
    if (!here.get(items)) {
      std::size_t index = 0;
      for (const Value item : items) turn(item, {Step::Kind::item, {}, index++});
    } else if (!here.get(members)) {
      for (const auto [key, value] : members)
        turn(Value(simdjson::dom::element(value)), {Step::Kind::member, std::string(key), 0});
    }
  }

 private:
  void turn(Value there, const Step& step) {
    way_.push_back(step);
    go(there);
    way_.pop_back();
  }

  const Steps& path_;
  const std::size_t most_;
  std::vector<Match>& out_;
  Steps way_;
};

}  // namespace

std::vector<Match> find_all(Value root, const Steps& path, std::size_t most) {
  std::vector<Match> out;
  Walk(path, most, out).go(root);
  return out;
}

std::optional<Value> find_one(Value root, const Steps& way) {
  for (const Step& step : way) {
    root = next(root, step);
    if (root.error()) return std::nullopt;
  }
  if (root.is_null()) return std::nullopt;
  return root;
}

Steps follow(const Steps& path, const Steps& other, const Steps& taken) {
  Steps out = path;
  std::size_t from = 0;
  for (Step& step : out) {
    if (step.kind != Step::Kind::each) continue;
    while (from < other.size() && other[from].kind != Step::Kind::each) ++from;
    if (from < other.size() && from < taken.size()) step = taken[from++];
  }
  return out;
}

}  // namespace headwind::workloads
