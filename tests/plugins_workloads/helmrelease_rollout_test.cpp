// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "plugins_workloads/helmrelease_world.hpp"
#include "workloads/helmrelease/release_rollout.hpp"

namespace headwind::workloads {
namespace {

struct ReleaseRollout : ::testing::Test {
  void ready(const std::string& status, const std::string& reason, const std::string& message = "so it is",
             int generation = 3) {
    release["status"]["conditions"] = Json::array({{{"type", "Reconciling"}, {"status", "True"}},
                                                   {{"type", "Ready"},
                                                    {"status", status},
                                                    {"reason", reason},
                                                    {"message", message},
                                                    {"observedGeneration", generation}}});
  }
  State state(const std::vector<std::string>& related = {}) {
    std::string error;
    Rollout out;
    EXPECT_TRUE(read_release_rollout(release.dump(), Objects(related.begin(), related.end()), out, error)) << error;
    reason = out.reason;
    return out.state;
  }
  Json release = helm_release();
  std::string reason;
};

TEST_F(ReleaseRollout, is_done_when_the_wanted_version_is_ready) {
  EXPECT_EQ(state(), State::running) << "nobody has looked at it";
  ready("True", "UpgradeSucceeded");
  release["status"]["lastAttemptedRevision"] = "6.5.4";
  EXPECT_EQ(state(), State::done);
  EXPECT_EQ(reason, "version 6.5.4 is released: so it is");
  release["status"]["history"] = Json::array({{{"chartVersion", "6.5.3"}}});
  EXPECT_EQ(state(), State::running) << "the newest release is still the former one";
}

TEST_F(ReleaseRollout, the_revision_of_an_OCI_chart_ends_in_its_digest) {
  ready("True", "UpgradeSucceeded");
  release["status"]["lastAttemptedRevision"] = "6.5.4+0123456789ab";
  EXPECT_EQ(state(), State::done);
  release["status"]["lastAttemptedRevision"] = "6.5.40";
  EXPECT_EQ(state(), State::running);
}

TEST_F(ReleaseRollout, a_condition_about_an_older_generation_says_nothing) {
  release["status"]["lastAttemptedRevision"] = "6.5.4";
  for (const char* status : {"True", "False"}) {
    ready(status, "UpgradeFailed", "old news", 2);
    EXPECT_EQ(state(), State::running) << status;
  }
}

TEST_F(ReleaseRollout, has_failed_where_Helm_failed_with_its_words) {
  release["status"]["lastAttemptedRevision"] = "6.5.4";
  for (const char* why : {"InstallFailed", "UpgradeFailed", "TestFailed", "RollbackSucceeded", "ArtifactFailed"}) {
    ready("False", why, "timed out\nwaiting for https://u:p@example.com/x?sig=1");
    EXPECT_EQ(state(), State::failed) << why;
    EXPECT_EQ(reason, std::string(why) + ": timed out waiting for https://example.com/x?...");
  }
}

TEST_F(ReleaseRollout, the_failure_of_another_version_is_not_ours) {
  ready("False", "UpgradeFailed");
  release["status"]["lastAttemptedRevision"] = "6.5.3";
  EXPECT_EQ(state(), State::running);
}

TEST_F(ReleaseRollout, what_Flux_waits_for_is_no_failure) {
  for (const char* why : {"DependencyNotReady", "SourceNotReady", "Progressing"}) {
    ready("False", why);
    EXPECT_EQ(state(), State::running) << why;
  }
  ready("Unknown", "Progressing", "Running 'upgrade' action");
  EXPECT_EQ(state(), State::running);
  EXPECT_EQ(reason, "Running 'upgrade' action");
}

TEST_F(ReleaseRollout, is_held_while_the_index_that_Flux_read_does_not_list_the_version) {
  ready("False", "SourceNotReady",
        "HelmChart 'shop/shop-web' is not ready: invalid chart reference: failed to get chart version for remote "
        "reference: no 'podinfo' chart with version matching '6.5.4' found");
  EXPECT_EQ(state(), State::held);
  EXPECT_NE(reason.find("'6.5.4' found"), std::string::npos) << reason;
}

TEST_F(ReleaseRollout, Flux_comes_first_as_long_as_it_tries_again) {
  ready("False", "UpgradeFailed");
  release["status"].update({{"lastAttemptedRevision", "6.5.4"},
                            {"lastAttemptedReleaseAction", "upgrade"},
                            {"failures", 1},
                            {"upgradeFailures", 1}});
  EXPECT_EQ(state(), State::failed) << "by itself it does not";
  release["spec"]["upgrade"]["remediation"]["retries"] = 1;
  EXPECT_EQ(state(), State::running);
  EXPECT_EQ(reason, "Flux tries again after UpgradeFailed: so it is");
  release["status"]["upgradeFailures"] = 2;
  EXPECT_EQ(state(), State::failed) << "that was the last time";
  release["spec"]["upgrade"]["remediation"]["retries"] = -1;
  EXPECT_EQ(state(), State::running) << "for ever";
  release["status"]["upgradeFailures"] = 0;
  EXPECT_EQ(state(), State::failed) << "there is no release to remediate";
  ready("False", "InstallFailed");
  release["status"].update({{"lastAttemptedReleaseAction", "install"}, {"installFailures", 1}});
  EXPECT_EQ(state(), State::failed) << "retries of an upgrade are not those of an installation";
}

TEST_F(ReleaseRollout, a_failure_that_Flux_has_written_into_its_conditions_only_is_not_counted_yet) {
  release["spec"]["upgrade"]["remediation"]["retries"] = 1;
  ready("False", "UpgradeFailed");
  // Before the second patch they are still of the installation, however it went.
  release["status"].update({{"lastAttemptedRevision", "6.5.4"}, {"lastAttemptedReleaseAction", "install"}});
  EXPECT_EQ(state(), State::running);
  EXPECT_EQ(reason, "Flux tries again after UpgradeFailed: so it is");
  release["status"].update({{"lastAttemptedReleaseAction", "upgrade"}, {"failures", 1}});
  EXPECT_EQ(state(), State::failed) << "it left no release behind";
  release["status"]["upgradeFailures"] = 1;
  EXPECT_EQ(state(), State::running);
  release["spec"]["upgrade"]["remediation"]["retries"] = 0;
  release["status"].erase("failures");
  EXPECT_EQ(state(), State::failed) << "whatever it counts, it does not try again";
  release["spec"]["upgrade"]["remediation"]["retries"] = 1;
  release["status"].erase("upgradeFailures");
  ready("False", "ArtifactFailed");
  EXPECT_EQ(state(), State::failed) << "of a chart that cannot be read nothing is ever counted";
}

TEST_F(ReleaseRollout, a_condition_without_words_is_told_as_such) {
  ready("Unknown", "", "");
  EXPECT_EQ(state(), State::running);
  EXPECT_EQ(reason, "Flux gives no reason");
}

TEST_F(ReleaseRollout, is_held_while_it_is_suspended) {
  release["spec"]["suspend"] = true;
  ready("True", "UpgradeSucceeded");
  EXPECT_EQ(state(), State::held);
}

TEST_F(ReleaseRollout, the_version_of_a_referred_chart_is_its_OCIRepositorys_tag) {
  release = referring_release();
  ready("True", "UpgradeSucceeded");
  release["status"]["lastAttemptedRevision"] = "6.5.3+0123456789ab";
  EXPECT_EQ(state({oci_repository({{"tag", "6.5.4"}})}), State::running);
  release["status"]["lastAttemptedRevision"] = "6.5.4+0123456789ab";
  EXPECT_EQ(state({oci_repository({{"tag", "6.5.4"}})}), State::done);
  EXPECT_EQ(state({oci_repository({{"tag", "6.5.4"}, {"semver", "6.5.5"}})}), State::running) << "semver goes first";
  EXPECT_EQ(state({oci_repository({{"semver", "6.5.4"}})}), State::done);
}

TEST_F(ReleaseRollout, what_is_no_object_is_refused_with_a_sentence) {
  Rollout out;
  std::string error;
  EXPECT_FALSE(read_release_rollout("[]", {}, out, error));
  EXPECT_FALSE(error.empty());
}

}  // namespace
}  // namespace headwind::workloads
