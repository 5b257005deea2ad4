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
  EXPECT_EQ(no_phase.status, 2);
  EXPECT_THAT(no_phase.text, HasSubstr("--phase: 'Compleet' is no phase; there are Pending Approved "));
  const Ended wrong = run(in + "approve nobody");
  EXPECT_EQ(wrong.status, 1);
  EXPECT_THAT(wrong.text, HasSubstr("UpdateRequest not found: " + space + "/nobody"));
}

// The script of 0.1.x goes on: its calls of curl as they stand in it, each with the status that it reads.
TEST_F(Kubectl, T126_the_calls_of_the_former_script) {
  registry().push(repository(), "1.0.0");
  start();
  deploy({"Deployment", "web", {{"app", image("1.0.0")}}, on_approval()});
  propose("1.1.0");
  const std::string api = OperatorProcess::api_url() + "/api/v1", in = space + "/";
  const auto curl = [&](const std::string& arguments) {
    const Ended ended = run_shell("curl -s " + arguments + " -w '\n%{http_code}'");
    EXPECT_EQ(ended.status, 0) << ended.text;
    const std::size_t line = ended.text.rfind('\n');
    return std::pair(ended.text.substr(line + 1), Json::parse(ended.text.substr(0, line), nullptr, false));
  };
  const auto post = [&](const std::string& path, const std::string& body) {
    return curl("-X POST '" + api + path + "' -H 'Content-Type: application/json'" +
                (body.empty() ? "" : " -d '" + body + "'"));
  };
  EXPECT_EQ(run_shell("curl -s --max-time 2 " + OperatorProcess::api_url() + "/health").status, 0);

  const auto [listed, list] = curl(api + "/updates");
  EXPECT_EQ(listed, "200");
  const auto row = std::find_if(list.begin(), list.end(), [&](const Json& one) { return one["namespace"] == space; });
  ASSERT_NE(row, list.end()) << list;
  for (const char* column : {"name", "deployment", "currentImage", "newImage", "phase"})
    EXPECT_TRUE(row->at(column).is_string()) << column;
  const std::string name = row->at("name");

  EXPECT_EQ(post("/updates/" + in + name + "/approve", R"({"approver":"system"})").first, "200");
  ASSERT_TRUE(runs(image("1.1.0")));
  const auto [known, history] = curl(api + "/rollback/" + in + "web/history");
  EXPECT_EQ(known, "200");
  EXPECT_EQ(history.at(0).value("image", ""), image("1.1.0")) << history;
  EXPECT_EQ(history.at(0).value("approvedBy", ""), "system");
  const auto [back, said] = post("/rollback/" + in + "web/app", "");
  EXPECT_EQ(back, "200") << said;
  EXPECT_TRUE(runs(image("1.0.0")));
  propose("1.1.1");
  const std::string no = R"({"approver":"system","reason":"No reason provided"})";
  EXPECT_EQ(post("/updates/" + in + "web-app-1-1-1/reject", no).first, "200");
  EXPECT_TRUE(request_for("web-app-1-1-1", "Rejected").is_object()) << Json(requests(space));
  const auto [unknown, sentence] = post("/updates/" + in + "nobody/reject", no);
  EXPECT_EQ(unknown, "404");
  EXPECT_THAT(sentence.value("error", ""), HasSubstr("UpdateRequest not found: " + in + "nobody")) << sentence;
}

}  // namespace
}  // namespace headwind::end_to_end
