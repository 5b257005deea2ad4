// SPDX-License-Identifier: Apache-2.0
// T126: the calls of the kubectl script of 0.1.x, and the script that is shipped here, run against the real server.
#include <sys/wait.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

// --- what the script of 0.1.x sends, and what it reads of the answers

class OldScript : public ApprovalTest {
 protected:
  // curl -d: its content type is set by hand, the approver is "system" where nobody says who.
  net::ServerResponse order(const std::string& verb, const std::string& body) {
    return call(post(std::string(kOne) + "/" + verb, body));
  }
};

TEST_F(OldScript, T126_it_finds_the_api_and_fills_the_rows_of_its_list) {
  EXPECT_EQ(get("/health").status, 200U);
  propose();
  const auto response = get("/api/v1/updates");
  ASSERT_EQ(response.status, 200U);
  const json list = body(response);
  ASSERT_TRUE(list.is_array());
  std::string row;
  for (const char* key : {"namespace", "name", "deployment", "currentImage", "newImage", "phase"})
    row += list[0][key].get<std::string>() + " ";
  EXPECT_EQ(row, "prod web-app-1-26-0 web nginx:1.25.0 nginx:1.26.0 Pending ");
}

TEST_F(OldScript, T126_approve_history_and_rollback) {
  propose();
  EXPECT_EQ(order("approve", R"({"approver":"system"})").status, 200U);
  const json history = body(get(std::string(kRollback) + "/history"));
  ASSERT_TRUE(history.is_array());
  EXPECT_EQ(history[0]["container"], "app");
  EXPECT_EQ(history[0]["image"], "nginx:1.26.0");
  EXPECT_EQ(history[0]["approvedBy"], "system");
  EXPECT_EQ(history[0]["updateRequestName"], "web-app-1-26-0");
  EXPECT_TRUE(history[0]["timestamp"].is_string());
  const auto back = call(post(std::string(kRollback) + "/app", ""));  // a content type, and no body
  EXPECT_EQ(back.status, 200U) << back.body;
  EXPECT_EQ(body(back)["message"], "Rollback successful");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

TEST_F(OldScript, T126_reject) {
  propose();
  EXPECT_EQ(order("reject", R"({"approver":"system","reason":"No reason provided"})").status, 200U);
  EXPECT_EQ(store.request("web-app-1-26-0").message, "No reason provided");
}

// --- the script that is shipped

class Script : public ApprovalTest {
 protected:
  void SetUp() override {
    const char* source = std::getenv("HEADWIND_SOURCE");
    ASSERT_NE(source, nullptr) << "run this by ctest";
    script_ = std::string(source) + "/deploy/kubectl-headwind";
    std::string pattern = std::filesystem::temp_directory_path() / "kubectl-headwind-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    // A kubectl without any context.
    std::ofstream(directory_ / "kubectl") << "#!/bin/sh\necho '{}'\n";
    std::filesystem::permissions(directory_ / "kubectl", std::filesystem::perms::owner_all);
    net::ServerOptions options;
    options.address = "127.0.0.1";
    options.refusal = approval_refusal;
    auto opened = net::Server::listen(world.io.get_executor(), options, handler);
    ASSERT_TRUE(opened);
    server_ = std::move(*opened);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  struct Ended {
    int status = -1;
    std::string text;  // both streams
  };
  Ended run_script(const std::string& arguments) {
    const std::string command = "PATH=" + directory_.string() + ":$PATH HEADWIND_TOKEN= HEADWIND_APPROVER= " +
                                "HEADWIND_API_URL=http://127.0.0.1:" + std::to_string(server_->port()) + " " + script_ +
                                " " + arguments + " 2>&1";
    Ended ended;
    std::atomic<bool> over = false;
    std::thread runner([&] {
      std::FILE* pipe = ::popen(command.c_str(), "r");
      char buffer[4096];
      for (std::size_t size = 0; pipe != nullptr && (size = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
        ended.text.append(buffer, size);
      ended.status = pipe != nullptr ? WEXITSTATUS(::pclose(pipe)) : -1;
      over = true;
    });
    while (!over) world.io.restart(), world.io.run_for(std::chrono::milliseconds(2));
    runner.join();
    world.settle();
    return ended;
  }

  std::string script_;
  std::filesystem::path directory_;
  std::unique_ptr<net::Server> server_;
};

TEST_F(Script, T126_options_stand_before_the_command_or_after_it) {
  propose();
  for (const char* arguments : {"-n prod list", "list -n prod", "list --namespace=prod", "-A list"}) {
    const Ended ended = run_script(arguments);
    EXPECT_EQ(ended.status, 0) << arguments << ended.text;
    EXPECT_NE(ended.text.find("web-app-1-26-0"), std::string::npos) << ended.text;
    EXPECT_NE(ended.text.find("Pending"), std::string::npos) << ended.text;
  }
}

TEST_F(Script, an_approval_with_a_comment_is_counted_under_the_name_that_was_given) {
  propose();
  const Ended ended = run_script("approve web-app-1-26-0 --comment 'all green' --approver a@x -n prod");
  EXPECT_EQ(ended.status, 0) << ended.text;
  EXPECT_NE(ended.text.find("prod/web-app-1-26-0: Completed (Update applied successfully)"), std::string::npos);
  EXPECT_EQ(store.request("web-app-1-26-0").approvals.at(0).comment, "all green");
  EXPECT_EQ(store.request("web-app-1-26-0").approved_by, "a@x");
}

TEST_F(Script, several_are_approved_with_one_call) {
  store.deploy("Deployment", "shop", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"min-update-interval", "0"}});
  world.watch();
  propose();
  const Ended ended = run_script("-n prod approve web-app-1-26-0 nope shop-app-1-26-0");
  EXPECT_EQ(ended.status, 1) << "one of them failed";
  EXPECT_NE(ended.text.find("prod/web-app-1-26-0: Completed"), std::string::npos) << ended.text;
  EXPECT_NE(ended.text.find("prod/nope: UpdateRequest not found: prod/nope"), std::string::npos) << ended.text;
  EXPECT_EQ(store.image("shop"), "nginx:1.26.0");
}

TEST_F(Script, whoever_names_the_digest_approves_no_other) {
  propose();
  const Ended ended = run_script("-n prod approve web-app-1-26-0 --digest sha256:00");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.text.find("look at it again (HTTP 409)"), std::string::npos) << ended.text;
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

TEST_F(Script, reject_history_rollback_and_release) {
  approve();
  const Ended history = run_script("-n prod history web");
  EXPECT_NE(history.text.find("nginx:1.26.0"), std::string::npos) << history.text;
  const Ended back = run_script("rollback web app --reason slow -n prod");
  EXPECT_EQ(back.status, 0) << back.text;
  EXPECT_NE(back.text.find("Rollback successful, app runs nginx:1.25.0"), std::string::npos) << back.text;
  const Ended after = run_script("-n prod history web");
  EXPECT_NE(after.text.find("BAD"), std::string::npos) << after.text;
  EXPECT_NE(after.text.find("RolledBack"), std::string::npos) << after.text;
  EXPECT_EQ(run_script("release web-app-1-26-0 -n prod").status, 0);
  propose();
  const Ended no = run_script("reject web-app-1-26-0 not today -n prod");
  EXPECT_EQ(no.status, 0) << no.text;
  EXPECT_EQ(store.request("web-app-1-26-0").message, "not today");
}

TEST_F(Script, what_is_refused_is_said_and_fails) {
  const Ended ended = run_script("approve nope -n prod");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.text.find("Error: UpdateRequest not found: prod/nope (HTTP 404)"), std::string::npos) << ended.text;
}

// As the program does; and nobody is asked: there is no kubectl here that could forward a port.
TEST_F(Script, wrong_usage_is_told_before_a_port_is_forwarded) {
  for (const auto& [arguments, said] : std::initializer_list<std::pair<const char*, const char*>>{
           {"lst", "unknown command lst;"},
           {"approve -n prod", "approve needs the name of an UpdateRequest"},
           {"show one two", "show does not take 'two'"},
           {"approve one two --digest sha256:00", "approve them one by one"},
           {"list --frobnicate", "unknown option --frobnicate"},
           {"list --phase Done", "'Done' is no phase"},
           {"rollback web --index -1", "--index must be a number"}}) {
    const Ended ended = run_script(std::string("--api-url '' ") + arguments);
    EXPECT_EQ(ended.status, 2) << arguments;
    EXPECT_NE(ended.text.find(said), std::string::npos) << ended.text;
    EXPECT_EQ(ended.text.find("port-forward"), std::string::npos) << ended.text;
  }
  EXPECT_EQ(run_script("--api-url '' list").status, 1) << "this one needs the port";
}

}  // namespace
}  // namespace headwind::api
