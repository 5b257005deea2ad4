// SPDX-License-Identifier: Apache-2.0
// No exception leaves a plugin, wherever it is thrown, and the host learns what it was.
#include "throwing.hpp"

namespace headwind::sdk {
namespace {

hw_status choose(Throwing& plugin, hw_choice& choice, std::string* why = nullptr) {
  const hw_str name = hw::str("1.0.0");
  const hw_tags tags{sizeof(hw_tags), 0, 1, &name, nullptr, nullptr, nullptr};
  hw_policy_query query{};
  query.struct_size = sizeof query;
  const hw_sink sink{why, [](void* ctx, hw_str text) -> hw_status {
                       static_cast<std::string*>(ctx)->append(hw::view(text));
                       return HW_OK;
                     }};
  return plugin.api<hw_policy_api>()->choose(plugin.instance.self(), plugin.host.call(), &query, &tags, &choice,
                                             why ? &sink : nullptr, nullptr);
}

const hw_registry_sink refusing_sink{sizeof(hw_registry_sink),
                                     0,
                                     nullptr,
                                     [](void*, const hw_tags*) -> hw_status { return HW_CANCELLED; },
                                     [](void*, const hw_artifact*) -> hw_status { return HW_CANCELLED; },
                                     [](void*, const hw_push*) -> hw_status { return HW_CANCELLED; },
                                     [](void*, hw_str) -> hw_status { return HW_CANCELLED; }};

TEST(Trampolines, a_constructor_that_throws_refuses_the_settings) {
  for (const Thrown& thrown : all_thrown) {
    for (const char* id : {"test.policy", "test.notifier", "test.registry", "test.workload"}) {
      Throwing plugin(id, std::string(R"({"throw_in_constructor":")") + thrown.what + "\"}");
      expect_failure(plugin.host, plugin.instance.status(), thrown);
      EXPECT_EQ(plugin.instance.self(), nullptr);
    }
  }
  for (const char* settings : {"[1]", "{", "{\"throw\": 7}"}) {
    Throwing plugin("test.policy", settings);
    EXPECT_EQ(plugin.instance.status(), HW_INVALID) << settings;
  }
}

TEST(Trampolines, a_destructor_that_throws_is_stopped) {
  Throwing plugin("test.policy", throws("destructor"));
  ASSERT_EQ(plugin.instance.status(), HW_OK);
}

TEST(Trampolines, a_policy_that_throws_fails_the_call) {
  for (const Thrown& thrown : all_thrown) {
    Throwing plugin("test.policy", throws(thrown.what));
    hw_choice choice{sizeof(hw_choice), HW_HOLD, 0};
    expect_failure(plugin.host, choose(plugin, choice), thrown);
    EXPECT_EQ(choice.verdict, HW_HOLD);
  }
}

TEST(Trampolines, a_policy_that_answers_is_passed_on) {
  Throwing plugin("test.policy");
  hw_choice choice{sizeof(hw_choice), HW_HOLD, 7};
  std::string why;
  EXPECT_EQ(choose(plugin, choice, &why), HW_OK);
  EXPECT_EQ(choice.verdict, HW_UPDATE);
  EXPECT_EQ(choice.index, 0u);
  EXPECT_EQ(why, "why");
}

TEST(Trampolines, a_struct_from_before_version_1_is_refused) {
  Throwing plugin("test.policy");
  hw_choice choice{8, HW_HOLD, 7};
  EXPECT_EQ(choose(plugin, choice), HW_INTERNAL);
  EXPECT_EQ(choice.index, 7u) << "not written past its end";
}

TEST(Trampolines, a_registry_that_throws_fails_the_call) {
  for (const Thrown& thrown : all_thrown) {
    for (int function = 0; function < 4; ++function) {
      Throwing plugin("test.registry", throws(thrown.what));
      const auto* api = plugin.api<hw_registry_api>();
      void* self = plugin.instance.self();
      const hw_call* call = plugin.host.call();
      const hw_status status = function == 0   ? api->list_tags(self, call, {}, &refusing_sink)
                               : function == 1 ? api->resolve(self, call, {}, {}, {}, &refusing_sink)
                               : function == 2 ? api->platforms(self, call, {}, {}, &refusing_sink)
                                               : api->parse_webhook(self, call, nullptr, 0, {}, &refusing_sink);
      expect_failure(plugin.host, status, thrown);
    }
  }
}

TEST(Trampolines, a_sink_that_refuses_ends_the_call_with_its_answer) {
  Throwing plugin("test.registry");
  const auto* api = plugin.api<hw_registry_api>();
  void* self = plugin.instance.self();
  EXPECT_EQ(api->list_tags(self, plugin.host.call(), {}, &refusing_sink), HW_CANCELLED);
  EXPECT_EQ(api->resolve(self, plugin.host.call(), {}, {}, {}, &refusing_sink), HW_CANCELLED);
  EXPECT_EQ(api->parse_webhook(self, plugin.host.call(), nullptr, 0, {}, &refusing_sink), HW_CANCELLED);
  EXPECT_EQ(api->platforms(self, plugin.host.call(), {}, {}, &refusing_sink), HW_CANCELLED);
  EXPECT_TRUE(plugin.host.failures.empty()) << "the host knows why";
}

TEST(Trampolines, a_workload_that_throws_fails_the_call) {
  for (const Thrown& thrown : all_thrown) {
    const hw_target_sink targets{sizeof(hw_target_sink), 0, nullptr,
                                 [](void*, const hw_target*) -> hw_status { return HW_OK; }};
    const hw_image_sink images{sizeof(hw_image_sink), 0, nullptr,
                               [](void*, const hw_image*) -> hw_status { return HW_OK; }};
    Throwing first("test.workload", throws(thrown.what)), second("test.workload", throws(thrown.what));
    const auto* api = first.api<hw_workload_api>();
    expect_failure(first.host, api->describe(first.instance.self(), first.host.call(), &targets), thrown);
    expect_failure(second.host, api->images(second.instance.self(), second.host.call(), {}, nullptr, 0, &images),
                   thrown);
  }
}

TEST(Trampolines, a_workload_without_rollout_says_that_it_has_none) {
  Throwing plugin("test.workload");
  hw_rollout rollout{sizeof(hw_rollout), 0, 0, 0};
  EXPECT_EQ(plugin.api<hw_workload_api>()->rollout(plugin.instance.self(), plugin.host.call(), {}, nullptr, 0, &rollout,
                                                   nullptr),
            HW_UNSUPPORTED);
}

// Events of type "ok" are delivered, of type "bad" not.
std::vector<hw_status> send(Throwing& plugin, const std::vector<std::string>& types, hw_status& status) {
  std::vector<hw_event> events(types.size());
  std::vector<const hw_event*> pointers;
  for (std::size_t i = 0; i < types.size(); ++i) {
    events[i].struct_size = sizeof(hw_event);
    events[i].type = hw::str(types[i]);
    pointers.push_back(&events[i]);
  }
  std::vector<hw_status> results(types.size(), HW_CANCELLED);
  status = plugin.api<hw_notifier_api>()->send(plugin.instance.self(), plugin.host.call(), pointers.data(),
                                               types.size(), results.data());
  return results;
}

TEST(Trampolines, an_event_that_can_never_be_sent_does_not_hold_up_the_others) {
  Throwing plugin("test.notifier", throws("invalid"));
  hw_status status = HW_OK;
  EXPECT_EQ(send(plugin, {"ok", "bad", "ok", "bad"}, status),
            (std::vector<hw_status>{HW_OK, HW_INVALID, HW_OK, HW_INVALID}));
  expect_failure(plugin.host, status, all_thrown[1]);
}

TEST(Trampolines, any_other_failure_leaves_the_rest_of_the_events_for_later) {
  for (const Thrown& thrown : all_thrown) {
    if (thrown.status == HW_INVALID) continue;
    Throwing plugin("test.notifier", throws(thrown.what));
    hw_status status = HW_OK;
    EXPECT_EQ(send(plugin, {"ok", "bad", "ok"}, status), (std::vector<hw_status>{HW_OK, thrown.status, HW_CANCELLED}));
    expect_failure(plugin.host, status, thrown);
  }
}

}  // namespace
}  // namespace headwind::sdk
