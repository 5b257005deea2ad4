// SPDX-License-Identifier: Apache-2.0
#include "workloads/generic/judge.hpp"

#include <gmock/gmock.h>

#include "plugins_generic/settings_of.hpp"
#include "plugins_workloads/pod_world.hpp"

namespace headwind::workloads::generic {
namespace {

using testing::HasSubstr;
using testing::Not;

Settings judged(const std::string& more) { return widget(R"({"path":"$.spec.image"})", more); }

Rollout verdict(const Settings& settings, const std::string& object, const Texts& companions = {}) {
  Rollout out;
  std::string error;
  EXPECT_TRUE(read_rollout(object, {companions.begin(), companions.end()}, settings, out, error)) << error;
  EXPECT_FALSE(out.reason.empty());
  EXPECT_LE(out.reason.size(), 512U);
  return out;
}

// "done", or the state and why.
std::string said(const std::string& rules, const std::string& object) {
  static const char* names[]{"running: ", "done", "failed: ", "held: "};
  const Rollout out = verdict(judged(rules), object);
  return names[static_cast<int>(out.state)] + (out.state == State::done ? "" : out.reason);
}
std::string ready_if(const std::string& rule, const std::string& object) {
  return said(R"("ready":[)" + rule + "]", object);
}

TEST(GenericRules, equals_compares_scalars_by_their_text) {
  const char* object = R"({"status":{"text":"5","number":5,"part":0.50,"yes":true,"list":[]}})";
  for (const char* rule : {R"({"path":"$.status.text","equals":5})", R"({"path":"$.status.number","equals":"5"})",
                           R"({"path":"$.status.part","equals":0.5})", R"({"path":"$.status.yes","equals":true})",
                           R"({"path":"$.status.text","equalsPath":"$.status.number"})"})
    EXPECT_EQ(ready_if(rule, object), "done") << rule;
  EXPECT_EQ(ready_if(R"({"path":"$.status.text","equals":"6"})", object), "running: $.status.text is 5, not 6");
  EXPECT_EQ(ready_if(R"({"path":"$.status.list","equals":""})", object), "running: $.status.list is a list, not ");
}

TEST(GenericRules, what_is_absent_on_both_sides_is_not_equal) {
  EXPECT_EQ(ready_if(R"({"path":"$.status.a","equalsPath":"$.status.b"})", R"({"status":{"b":null}})"),
            "running: $.status.a is absent, not $.status.b (absent)");
}

TEST(GenericRules, in_takes_any_of_its_values) {
  const char* rule = R"({"path":"$.status.phase","in":["Ready","Running"]})";
  EXPECT_EQ(ready_if(rule, R"({"status":{"phase":"Running"}})"), "done");
  EXPECT_EQ(ready_if(rule, R"({"status":{"phase":"Pending"}})"),
            "running: $.status.phase is Pending, not Ready or Running");
}

TEST(GenericRules, exists_does_not_see_null) {
  const char* rule = R"({"path":"$.status.phase","exists":true})";
  EXPECT_EQ(ready_if(rule, R"({"status":{"phase":{}}})"), "done");
  EXPECT_EQ(ready_if(rule, R"({"status":{"phase":null}})"), "running: $.status.phase is absent");
  EXPECT_EQ(ready_if(R"({"path":"$.status.phase","exists":false})", R"({"status":{"phase":null}})"), "done");
}

TEST(GenericRules, a_count_that_is_left_out_is_zero_but_not_the_one_that_is_to_be_reached) {
  const char* rule = R"({"path":"$.status.ready","atLeast":"$.spec.replicas"})";
  EXPECT_EQ(ready_if(rule, R"({"spec":{"replicas":2},"status":{"ready":3}})"), "done");
  EXPECT_EQ(ready_if(rule, R"({"spec":{"replicas":0},"status":{}})"), "done");
  EXPECT_EQ(ready_if(rule, R"({"spec":{"replicas":2},"status":{"ready":1}})"),
            "running: $.status.ready is 1, less than $.spec.replicas (2)");
  EXPECT_EQ(ready_if(rule, R"({"spec":{},"status":{"ready":1}})"),
            "running: $.status.ready is 1, less than $.spec.replicas (absent)");
  EXPECT_EQ(ready_if(R"({"path":"$.status.ready","atLeast":2.5})", R"({"status":{"ready":"3"}})"), "done");
  EXPECT_EQ(ready_if(R"({"path":"$.status.ready","atLeast":1})", R"({"status":{"ready":"many"}})"),
            "running: $.status.ready is many, less than 1");
}

TEST(GenericRules, a_condition_has_a_status_and_maybe_a_reason) {
  const char* object = R"({"status":{"conditions":[{"type":"Other"},
      {"type":"Ready","status":"False","reason":"BuildFailed","message":"exit\ncode 1"}]}})";
  EXPECT_EQ(ready_if(R"({"condition":"Ready","status":"False"})", object), "done");
  EXPECT_EQ(ready_if(R"({"condition":"Ready","status":"False","reason":["A","BuildFailed"]})", object), "done");
  EXPECT_EQ(ready_if(R"({"condition":"Ready"})", object),
            "running: condition Ready is False: BuildFailed: exit code 1");
  EXPECT_EQ(ready_if(R"({"condition":"Ready","status":"False","reason":["A"]})", object),
            "running: condition Ready is False: BuildFailed: exit code 1");
  EXPECT_EQ(ready_if(R"({"condition":"Gone"})", object), "running: condition Gone is not there yet");
}

TEST(GenericRules, a_condition_of_an_older_generation_does_not_count) {
  const std::string rules = R"("ready":[{"condition":"Ready"}],"failed":[{"condition":"Ready","status":"False"}])";
  const auto object = [](const char* status, int observed) {
    return std::string(R"({"metadata":{"generation":3},"status":{"conditions":[{"type":"Ready","status":")") + status +
           R"(","observedGeneration":)" + std::to_string(observed) + "}]}}";
  };
  EXPECT_EQ(said(rules, object("True", 3)), "done");
  EXPECT_EQ(said(rules, object("True", 2)), "running: condition Ready is not there yet");
  EXPECT_EQ(said(rules, object("False", 2)), "running: condition Ready is not there yet");
  EXPECT_EQ(said(rules, object("False", 3)), "failed: condition Ready is False");
}

constexpr const char* phases = R"("ready":[{"path":"$.status.phase","equals":"Ready","message":"$.status.message"}],
  "failed":[{"path":"$.status.phase","equals":"Broken","message":"$.status.message"}],
  "held":[{"path":"$.status.phase","equals":"Waiting","message":"somebody has to approve it"},
          {"path":"$.spec.suspend","equals":true}])";

TEST(GenericVerdict, says_which_rule_speaks_and_its_message) {
  EXPECT_EQ(said(phases, R"({"status":{"phase":"Ready"}})"), "done");
  EXPECT_EQ(said(phases, R"({"status":{"phase":"Broken","message":"no space"}})"),
            "failed: $.status.phase is Broken; no space");
  EXPECT_EQ(said(phases, R"({"status":{"phase":"Waiting"}})"),
            "held: $.status.phase is Waiting; somebody has to approve it");
  EXPECT_EQ(said(phases, R"({"status":{"phase":"Rolling","message":"1 of 3"}})"),
            "running: $.status.phase is Rolling, not Ready; 1 of 3");
}

TEST(GenericVerdict, a_stale_status_proves_nothing_but_what_the_spec_says_counts) {
  const auto at = [](const char* phase, const char* spec = "{}", const char* observed = "1") {
    return std::string(R"({"metadata":{"generation":2},"spec":)") + spec + R"(,"status":{"observedGeneration":)" +
           observed + R"(,"phase":")" + phase + R"("}})";
  };
  for (const char* phase : {"Ready", "Broken", "Waiting"})
    for (const char* observed : {"1", "\"1\""})
      EXPECT_EQ(said(phases, at(phase, "{}", observed)), "running: the controller has not seen the change yet")
          << phase;
  EXPECT_EQ(said(phases, at("Ready", R"({"suspend":true})")), "held: $.spec.suspend is true");
  EXPECT_EQ(said(phases, at("Ready", "{}", "2")), "done");
  EXPECT_EQ(said(phases, at("Ready", "{}", "\"57dfb9f6\"")), "done");  // a hash, as old controllers write
}

TEST(GenericVerdict, without_a_status_nobody_has_looked_at_it) {
  EXPECT_EQ(said(R"("ready":[{"path":"$.spec","exists":true}],"held":[{"path":"$.status.x","exists":false}])",
                 R"({"spec":{}})"),
            "running: the controller has not seen the change yet");
}

TEST(GenericVerdict, failed_goes_before_held_and_held_before_ready) {
  EXPECT_THAT(said(phases, R"({"spec":{"suspend":true},"status":{"phase":"Broken"}})"), HasSubstr("failed: "));
  EXPECT_THAT(said(phases, R"({"spec":{"suspend":true},"status":{"phase":"Ready"}})"), HasSubstr("held: "));
}

TEST(GenericVerdict, counts_replicas_for_people) {
  const Settings settings =
      judged(R"("ready":[{"condition":"Ready"}],"replicas":{"ready":"$.status.ready","wanted":"$.spec.replicas"})");
  const Rollout out = verdict(
      settings, R"({"spec":{"replicas":3},"status":{"ready":2,"conditions":[{"type":"Ready","status":"True"}]}})");
  EXPECT_EQ(out.ready, 2);
  EXPECT_EQ(out.wanted, 3);
  EXPECT_EQ(out.reason, "2 of 3 replicas are ready");
  const Rollout odd = verdict(settings, R"({"spec":{"replicas":-4},"status":{"ready":1e300}})");
  EXPECT_EQ(odd.ready, 2147483647);
  EXPECT_EQ(odd.wanted, 0);
}

TEST(GenericVerdict, a_long_message_is_cut_and_shows_no_credentials_of_urls) {
  const std::string object =
      R"({"status":{"phase":"Broken","message":"pull https://me:hunter2@r.example/x?sig=hunter2 )" +
      std::string(5000, 'x') + R"("}})";
  EXPECT_THAT(said(phases, object), Not(HasSubstr("hunter2")));
  EXPECT_THAT(said(phases, object), HasSubstr("https://r.example/x?..."));
}

TEST(GenericVerdict, refuses_what_is_no_object) {
  Rollout out;
  std::string error;
  EXPECT_FALSE(read_rollout("[]", {}, judged(phases), out, error));
  EXPECT_EQ(error, "the object is JSON, but not a JSON object");
}

class GenericPods : public testing::Test {
 protected:
  static Settings settings(const std::string& through = "") {
    return judged(R"("ready":[{"condition":"Ready"}],"pods":{"label":"rev","equalsPath":"$.status.revision")" +
                  through + "}");
  }
  static std::string object(int observed = 1) {
    return R"({"metadata":{"uid":"me","generation":1},"status":{"revision":"web-2bb","observedGeneration":)" +
           std::to_string(observed) + R"(,"conditions":[{"type":"Ready","status":"True"}]}})";
  }
  static PodJson pod(const std::string& name, const std::string& revision, const std::string& owner = "me") {
    return PodJson(name).owner("Widget", owner).label("rev", revision);
  }
};

TEST_F(GenericPods, one_of_the_present_revision_that_cannot_run_is_a_failure) {
  const Rollout out = verdict(settings(), object(),
                              {pod("a", "web-2bb").text(), pod("b", "web-2bb").containers({crashing("app")}).text()});
  EXPECT_EQ(out.state, State::failed);
  EXPECT_THAT(out.reason, HasSubstr("pod b: container app: CrashLoopBackOff"));
  EXPECT_EQ(out.ready, 1);
}

TEST_F(GenericPods, the_label_may_be_the_hash_alone) {
  EXPECT_EQ(verdict(settings(), object(), {pod("b", "2bb").containers({crashing("app")}).text()}).state, State::failed);
  EXPECT_EQ(verdict(settings(), object(), {pod("b", "bb").containers({crashing("app")}).text()}).state, State::done);
}

TEST_F(GenericPods, others_do_not_count) {
  const auto broken = [](PodJson pod) { return pod.containers({crashing("app")}).text(); };
  EXPECT_EQ(verdict(settings(), object(), {broken(pod("old", "web-1aa"))}).state, State::done);
  EXPECT_EQ(verdict(settings(), object(), {broken(pod("other", "web-2bb", "you"))}).state, State::done);
  EXPECT_EQ(verdict(settings(), object(), {broken(pod("leaving", "web-2bb").deleting())}).state, State::done);
  EXPECT_EQ(verdict(settings(), object(), {broken(PodJson("unlabelled").owner("Widget", "me"))}).state, State::done);
  EXPECT_EQ(verdict(settings(), object(), {"junk", "{}"}).state, State::done);
}

TEST_F(GenericPods, of_a_stale_status_are_not_known) {
  const Rollout out = verdict(settings(), object(0), {pod("b", "web-2bb").containers({crashing("app")}).text()});
  EXPECT_EQ(out.state, State::running);
  EXPECT_EQ(out.reason, "the controller has not seen the change yet");
}

TEST_F(GenericPods, one_that_is_not_ready_keeps_the_rollout_running) {
  const Rollout out = verdict(settings(), object(), {pod("a", "web-2bb").containers({running("app", false)}).text()});
  EXPECT_EQ(out.state, State::running);
  EXPECT_EQ(out.reason, "pod a: container app: is running but not ready");
}

TEST_F(GenericPods, restarts_of_one_that_is_ready_may_be_older_than_the_change) {
  EXPECT_EQ(verdict(settings(), object(), {pod("a", "web-2bb").containers({running("app", true, 9)}).text()}).state,
            State::done);
}

TEST_F(GenericPods, may_be_owned_through_a_replica_set) {
  const auto set = [](const char* uid, const char* owner) {
    return std::string(R"({"metadata":{"uid":")") + uid + R"(","ownerReferences":[{"uid":")" + owner +
           R"(","controller":true}]},"spec":{"template":{}}})";
  };
  const std::string broken = pod("b", "2bb", "set").containers({crashing("app")}).text();
  const std::string through = R"(,"through":"ReplicaSet")";
  EXPECT_EQ(verdict(settings(through), object(), {set("set", "me"), broken}).state, State::failed);
  EXPECT_EQ(verdict(settings(through), object(), {broken, set("set", "me")}).state, State::failed);
  EXPECT_EQ(verdict(settings(through), object(), {set("set", "you"), broken}).state, State::done);
  EXPECT_EQ(verdict(settings(), object(), {set("set", "me"), broken}).state, State::done);
}

}  // namespace
}  // namespace headwind::workloads::generic
