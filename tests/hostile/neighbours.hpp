// SPDX-License-Identifier: Apache-2.0
// A host with flawed plugins and one good policy, which must work through everything that the others do.
#pragma once
#include <gmock/gmock.h>

#include "../plugin/world.hpp"

namespace headwind::plugin {

class Neighbours : public World {
 protected:
  void SetUp() override {
    options.directories = {built("good"), built("../hostile/call")};
    options.grace = std::chrono::milliseconds(300);
    options.first_rest = std::chrono::milliseconds(1500);
    start();
    ASSERT_TRUE(create("good", "test.policy.good"));
  }
  ~Neighbours() override { expect_good(); }
  void expect_good() { EXPECT_TRUE(run(find(host->policies(), "good").choose({}, {}, false))) << "the good neighbour"; }

  // The instance is called as its plugin without "test.hostile.".
  void add(const std::string& flaw, std::map<std::string, std::string> secrets = {}, const Deadlines& deadlines = {}) {
    const Result<> created = create(flaw, "test.hostile." + flaw, "", std::move(secrets), deadlines);
    ASSERT_TRUE(created) << created.error().message;
  }
  template <class Views>
  static auto find(const Views& views, const std::string& name) -> typename Views::value_type {
    for (const auto& view : views) {
      if (view.name() == name) return view;
    }
    throw std::logic_error(name);
  }
  Result<Choice> choose(const std::string& instance, const std::string& policy = {}) {
    PolicyQuery query;
    query.policy = policy;
    Tags tags;
    tags.names = {"1.0"};
    return run(find(host->policies(), instance).choose(query, tags, instance == "kept-call"));
  }
  Result<Tags> list(const std::string& instance, const std::string& repository = "docker.io/library/nginx") {
    return run(find(host->registries(), instance).list_tags(repository));
  }
  template <class T>
  static std::string failure(const Result<T>& result) {
    return result ? "it did not fail" : result.error().message;
  }
};

}  // namespace headwind::plugin
