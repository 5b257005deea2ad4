// SPDX-License-Identifier: Apache-2.0
// The kubectl script that is shipped, beside the real kubectl, as a person uses it.
#include <cstdlib>

#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::HasSubstr;

class Kubectl : public EndToEnd {
 protected:
  Ended run(const std::string& arguments) const {
    const char* source = std::getenv("HEADWIND_SOURCE");
    if (source == nullptr) throw std::runtime_error("HEADWIND_SOURCE is not set: run this by ctest");
    // As a plugin: kubectl finds it on the PATH.
    return run_shell("PATH=" + std::string(source) + "/deploy:" + testbed::binaries().string() + ":$PATH " +
                     "KUBECONFIG=" + plane().kubeconfig().string() + " HEADWIND_TOKEN= HEADWIND_APPROVER=ann " +
                     "HEADWIND_API_URL=" + OperatorProcess::api_url() + " kubectl headwind " + arguments);
  }
  void propose(const std::string& tag) const {
    registry().push(repository(), tag);
    ASSERT_TRUE(eventually([&] {
      for (const Json& one : requests(space))
        if (phase_of(one) == "Pending" && one.at("/spec/newImage"_json_pointer) == image(tag)) return true;
      return false;
    })) << Json(requests(space));
  }
};

TEST_F(Kubectl, T126_list_approve_history_rollback_release_and_reject) {
  registry().push(repository(), "1.0.0");
  start();
  deploy({"Deployment", "web", {{"app", image("1.0.0")}}, on_approval()});
  propose("1.1.0");
  const std::string name = name_of(request_in("Pending")), in = "-n " + space + " ";

  const Ended list = run("list " + in);  // options after the command, too
  EXPECT_EQ(list.status, 0) << list.text;
  for (const std::string& word : {name, image("1.0.0"), image("1.1.0"), std::string("Pending"), std::string("web")})
    EXPECT_THAT(list.text, HasSubstr(word));

  const Ended approved = run(in + "approve " + name + " --comment 'all green'");
  EXPECT_EQ(approved.status, 0) << approved.text;
  EXPECT_TRUE(runs(image("1.1.0")));
  const Json request = request_for(name, "Completed");
  ASSERT_TRUE(request.is_object()) << Json(requests(space));
  EXPECT_EQ(request.at("/status/approvedBy"_json_pointer), "ann");

  const Ended history = run(in + "history web");
  EXPECT_THAT(history.text, HasSubstr(image("1.1.0")));
  EXPECT_THAT(history.text, HasSubstr("ann"));

  const Ended back = run("rollback web app --reason slow " + in);
  EXPECT_EQ(back.status, 0) << back.text;
  EXPECT_TRUE(runs(image("1.0.0")));
  ASSERT_TRUE(request_for(name, "RolledBack").is_object()) << Json(requests(space));

  propose("1.1.1");
  const std::string next = "web-app-1-1-1";
  const Ended rejected = run(in + "reject " + next + " not today");
  EXPECT_EQ(rejected.status, 0) << rejected.text;
  const Json refused = request_for(next, "Rejected");
  ASSERT_TRUE(refused.is_object()) << Json(requests(space));
  EXPECT_EQ(refused.at("/status/message"_json_pointer), "not today");

  const Ended released = run(in + "release " + name);
  EXPECT_EQ(released.status, 0) << released.text;
  EXPECT_TRUE(eventually([&] { return get(requests_path(space, name)).is_null(); }));
  // In any case, with blanks; a phase that the script knew and the API did not would be refused by that.
  const Ended some = run("list " + in +
                         "--phase 'pending, approved, applying, completed, failed, rejected, expired, superseded, "
                         "rolledback'");
  EXPECT_EQ(some.status, 0) << some.text;
  EXPECT_THAT(some.text, HasSubstr(next));
  const Ended no_phase = run("list " + in + "--phase Pending,Compleet");
  EXPECT_EQ(no_phase.status, 1);
  EXPECT_THAT(no_phase.text, HasSubstr("--phase: 'Compleet' is no phase; there are Pending Approved "));
  const Ended wrong = run(in + "approve nobody");
  EXPECT_EQ(wrong.status, 1);
  EXPECT_THAT(wrong.text, HasSubstr("UpdateRequest not found: " + space + "/nobody"));
}

}  // namespace
}  // namespace headwind::end_to_end
