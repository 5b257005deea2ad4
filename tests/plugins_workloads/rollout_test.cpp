// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "workloads/core/pod_template.hpp"

namespace headwind::workloads {
namespace {

using Reader = bool (*)(std::string_view, Rollout&, std::string&);

Rollout read(Reader reader, const std::string& spec, const std::string& status, int generation = 2) {
  Rollout out;
  std::string error;
  EXPECT_TRUE(reader(R"({"metadata":{"generation":)" + std::to_string(generation) + R"(},"spec":{)" + spec +
                         R"(},"status":{)" + status + "}}",
                     out, error))
      << error;
  EXPECT_FALSE(out.reason.empty());
  return out;
}

Rollout deployment(const std::string& status, const std::string& spec = R"("replicas":3)", int generation = 2) {
  return read(read_deployment_rollout, spec, status, generation);
}

TEST(DeploymentRollout, is_done_when_all_replicas_are_new_and_available) {
  const auto out =
      deployment(R"("observedGeneration":2,"replicas":3,"updatedReplicas":3,"readyReplicas":3,"availableReplicas":3)");
  EXPECT_EQ(out.state, State::done);
  EXPECT_EQ(out.ready, 3);
  EXPECT_EQ(out.wanted, 3);
}

TEST(DeploymentRollout, a_status_older_than_the_spec_proves_nothing) {
  const auto out =
      deployment(R"("observedGeneration":1,"replicas":3,"updatedReplicas":3,"readyReplicas":3,"availableReplicas":3,
      "conditions":[{"type":"Progressing","reason":"ProgressDeadlineExceeded"}])");
  EXPECT_EQ(out.state, State::running);
  EXPECT_EQ(deployment("").state, State::running) << "no status at all";
}

TEST(DeploymentRollout, runs_while_replicas_are_missing_old_or_unavailable) {
  EXPECT_EQ(deployment(R"("observedGeneration":2,"replicas":3,"updatedReplicas":1,"availableReplicas":3)").state,
            State::running);
  EXPECT_EQ(deployment(R"("observedGeneration":2,"replicas":4,"updatedReplicas":3,"availableReplicas":4)").state,
            State::running);
  EXPECT_EQ(deployment(R"("observedGeneration":2,"replicas":3,"updatedReplicas":3,"availableReplicas":2)").state,
            State::running);
}

TEST(DeploymentRollout, fails_when_the_controller_gave_up) {
  const auto out =
      deployment(R"("observedGeneration":2,"replicas":4,"updatedReplicas":1,"availableReplicas":3,"conditions":[
      {"type":"Available","status":"True"},
      {"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"ReplicaSet \"web-1\" has timed out progressing."}])");
  EXPECT_EQ(out.state, State::failed);
  EXPECT_EQ(out.reason, "ReplicaSet \"web-1\" has timed out progressing.");
}

TEST(DeploymentRollout, zero_replicas_are_done_and_one_is_the_default) {
  EXPECT_EQ(deployment(R"("observedGeneration":2)", R"("replicas":0)").state, State::done);
  const auto out = deployment(R"("observedGeneration":2)", "");
  EXPECT_EQ(out.state, State::running);
  EXPECT_EQ(out.wanted, 1);
}

TEST(DeploymentRollout, a_paused_one_says_so) {
  const auto out = deployment(R"("observedGeneration":2,"replicas":3,"updatedReplicas":0,"availableReplicas":3)",
                              R"("replicas":3,"paused":true)");
  EXPECT_EQ(out.state, State::running);
  EXPECT_NE(out.reason.find("paused"), std::string::npos);
}

TEST(DeploymentRollout, absurd_numbers_do_no_harm) {
  const auto out =
      deployment(R"("observedGeneration":2,"replicas":-5,"updatedReplicas":9223372036854775807,"readyReplicas":1e99,
      "availableReplicas":"x")",
                 R"("replicas":9223372036854775807)");
  EXPECT_EQ(out.state, State::running);
  EXPECT_EQ(out.wanted, 2147483647);
}

Rollout statefulset(const std::string& status, const std::string& spec = R"("replicas":3)") {
  return read(read_statefulset_rollout, spec, R"("observedGeneration":2,)" + status);
}

TEST(StatefulSetRollout, is_done_when_the_new_revision_is_current_and_ready) {
  EXPECT_EQ(statefulset(R"("readyReplicas":3,"updatedReplicas":3,"currentRevision":"b","updateRevision":"b")").state,
            State::done);
  EXPECT_EQ(statefulset(R"("readyReplicas":3,"currentRevision":"b","updateRevision":"b")").state, State::done);
}

TEST(StatefulSetRollout, runs_until_every_pod_is_new_and_ready) {
  EXPECT_EQ(statefulset(R"("readyReplicas":3,"updatedReplicas":1,"currentRevision":"a","updateRevision":"b")").state,
            State::running);
  EXPECT_EQ(statefulset(R"("readyReplicas":2,"updatedReplicas":3,"currentRevision":"b","updateRevision":"b")").state,
            State::running);
  EXPECT_EQ(statefulset(R"("readyReplicas":3,"updatedReplicas":3,"currentRevision":"a","updateRevision":"b")").state,
            State::running);
}

TEST(StatefulSetRollout, a_partition_lowers_what_is_wanted) {
  const std::string spec = R"("replicas":3,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":2}})";
  EXPECT_EQ(
      statefulset(R"("readyReplicas":3,"updatedReplicas":1,"currentRevision":"a","updateRevision":"b")", spec).state,
      State::done);
  EXPECT_EQ(
      statefulset(R"("readyReplicas":3,"updatedReplicas":0,"currentRevision":"a","updateRevision":"b")", spec).state,
      State::running);
}

TEST(StatefulSetRollout, on_delete_waits_for_a_person_and_says_so) {
  const auto out = statefulset(R"("readyReplicas":3,"updatedReplicas":0,"currentRevision":"a","updateRevision":"b")",
                               R"("replicas":3,"updateStrategy":{"type":"OnDelete"})");
  EXPECT_EQ(out.state, State::running);
  EXPECT_NE(out.reason.find("OnDelete"), std::string::npos);
}

Rollout daemonset(const std::string& status, const std::string& spec = "") {
  return read(read_daemonset_rollout, spec, R"("observedGeneration":2,)" + status);
}

TEST(DaemonSetRollout, follows_the_nodes) {
  const auto done =
      daemonset(R"("desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":2,"numberReady":2)");
  EXPECT_EQ(done.state, State::done);
  EXPECT_EQ(done.wanted, 2);
  EXPECT_EQ(daemonset(R"("desiredNumberScheduled":2,"updatedNumberScheduled":1,"numberAvailable":2)").state,
            State::running);
  EXPECT_EQ(daemonset(R"("desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":1)").state,
            State::running);
  EXPECT_EQ(daemonset(R"("desiredNumberScheduled":0)").state, State::done) << "no node wants it";
}

TEST(Rollout, what_is_no_object_is_refused) {
  for (const Reader reader : {read_deployment_rollout, read_statefulset_rollout, read_daemonset_rollout}) {
    Rollout out;
    std::string error;
    EXPECT_FALSE(reader("nonsense", out, error));
    EXPECT_FALSE(error.empty());
  }
}

}  // namespace
}  // namespace headwind::workloads
