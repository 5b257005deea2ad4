// SPDX-License-Identifier: Apache-2.0
// kubectl headwind where no cluster is needed; with one: tests/end_to_end/kubectl_program_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>

#include "cli/program.hpp"
#include "cli/serving.hpp"

namespace headwind::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string kubeconfig(const TemporaryDirectory& directory, const std::string& server) {
  return directory.write("config",
                         "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters:\n- name: c\n  cluster:\n"
                         "    server: \"" +
                             server +
                             "\"\ncontexts:\n- name: c\n  context: {cluster: c, user: u, namespace: shop}\n"
                             "users:\n- name: u\n  user: {token: of-the-kubeconfig}\n");
}

TEST(Kubectl, words_are_completed_as_kubectl_asks_for_it) {
  const auto commands = headwind({"kubectl", "__complete", "re"});
  EXPECT_EQ(commands.code, 0);
  EXPECT_THAT(commands.out, HasSubstr("reject\trefuse an UpdateRequest\n"));
  EXPECT_THAT(commands.out, HasSubstr("release\t"));
  EXPECT_THAT(commands.out, Not(HasSubstr("approve")));
  EXPECT_TRUE(commands.out.ends_with(":4\n")) << commands.out;
  EXPECT_THAT(headwind({"kubectl", "__complete", "list", "--al"}).out, HasSubstr("--all-namespaces\n"));
  EXPECT_EQ(headwind({"kubectl", "__complete", "list", "-o", "y"}).out, "yaml\n:4\n");
  EXPECT_EQ(headwind({"kubectl", "__complete", "list", ""}).out, ":4\n") << "it takes no names";
}

TEST(Kubectl, no_cluster_completes_nothing_and_says_nothing) {
  const auto none = headwind({"kubectl", "__complete", "--kubeconfig", "/nowhere", "approve", ""});
  EXPECT_EQ(none.code, 0);
  EXPECT_EQ(none.out, ":4\n");
  EXPECT_EQ(none.err, "");
}

TEST(Kubectl, what_is_wrong_is_one_sentence) {
  const auto unknown = headwind({"kubectl", "frobnicate"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(
      unknown.err,
      HasSubstr("headwind: 'frobnicate' is no command; there are list, show, approve, reject, release, history, "
                "rollback, explain and help; kubectl headwind help shows what there is"));
  EXPECT_THAT(headwind({"kubectl", "--frob"}).err, HasSubstr("'--frob' is no option; kubectl headwind help"));
  const auto nothing = headwind({"kubectl"});
  EXPECT_EQ(nothing.code, 2);
  EXPECT_THAT(nothing.err, HasSubstr("name a command: there are list, show"));
  EXPECT_EQ(headwind({"kubectl", "approve"}).code, 2) << "of what?";
  EXPECT_EQ(headwind({"kubectl", "list", "-o", "xml"}).code, 2);
  const auto help = headwind({"kubectl", "help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("explain"));
  const auto nowhere = headwind({"kubectl", "list", "--kubeconfig", "/nowhere/config"});
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("/nowhere/config"));
}

TEST(Kubectl, a_phase_that_does_not_exist_is_refused) {
  std::atomic<unsigned> asked{0};
  const Serving server([&](const net::ServerRequest&) {
    ++asked;
    return json_answer(R"({"kind":"List","items":[]})");
  });
  const TemporaryDirectory directory;
  const std::string config = kubeconfig(directory, server.url());
  const auto wrong = headwind({"kubectl", "list", "--phase", "Pending,bogus", "--kubeconfig", config});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--phase: 'bogus' is no phase; there are Pending, Approved,"));
  EXPECT_EQ(asked, 0U);
  const auto right = headwind({"kubectl", "list", "--phase", "pending, RolledBack", "--kubeconfig", config});
  EXPECT_EQ(right.code, 0) << right.err;
  EXPECT_THAT(right.err, HasSubstr("No UpdateRequests found"));
  EXPECT_GT(asked, 0U);
}

TEST(Kubectl, a_token_is_not_shown_to_other_machines_unencrypted) {
  const auto ended = headwind({"kubectl", "explain", "web", "--api-url", "http://headwind.example.com"}, {},
                              {"HEADWIND_TOKEN=secret-of-mine", "HOME=/nowhere", "KUBECONFIG="});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("unencrypted: use https"));
  EXPECT_THAT(ended.err, Not(HasSubstr("secret-of-mine")));
}

TEST(Kubectl, only_the_host_of_a_URL_says_that_it_is_near) {
  const std::vector<std::string> environment{"HEADWIND_TOKEN=secret-of-mine", "HOME=/nowhere", "KUBECONFIG="};
  for (const char* path : {"http://evil.example/x.svc", "http://evil.example:80/localhost", "HTTP://evil.example"}) {
    const auto ended = headwind({"kubectl", "explain", "web", "--api-url", path}, {}, environment);
    EXPECT_EQ(ended.code, 1) << path;
    EXPECT_THAT(ended.err, HasSubstr("unencrypted: use https")) << path;
  }
  for (const char* wrong : {"http://evil.example?x.svc", "http://evil.example#.svc", "http://me:pass-word@x.svc",
                            "http://evil.example\\.svc", "ftp://x.svc", "x.svc"}) {
    const auto ended = headwind({"kubectl", "explain", "web", "--api-url", wrong}, {}, environment);
    EXPECT_EQ(ended.code, 2) << wrong;
    EXPECT_THAT(ended.err, HasSubstr("--api-url")) << wrong;
    EXPECT_THAT(ended.err, Not(HasSubstr("pass-word")));
  }
}

std::string status_of(const std::string& message) {
  return R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":")" + message + R"("})";
}

// An approval where the API server's proxy answers so.
struct Approval {
  Finished ended;
  unsigned annotating = 0;  // requests that were not for Headwind
};
Approval approve(unsigned status, const std::string& body, const std::vector<std::string>& environment = {}) {
  std::atomic<unsigned> others{0};
  const Serving server([&](const net::ServerRequest& request) {
    if (request.path.find("/services/headwind-api:8081/proxy/") != std::string::npos) return json_answer(body, status);
    ++others;
    return json_answer(status_of("not today"), 403);
  });
  const TemporaryDirectory directory;
  Approval approval;
  approval.ended =
      headwind({"kubectl", "approve", "web-1", "--kubeconfig", kubeconfig(directory, server.url())}, {}, environment);
  approval.annotating = others;
  return approval;
}

TEST(Kubectl, an_answer_becomes_an_annotation_only_where_the_API_server_did_not_pass_it_on) {
  const std::string refused = "error trying to reach service: dial tcp 10.0.0.1:8081: connect: connection refused";
  for (const auto& [status, why] : {std::pair{403U, std::string("services/proxy is forbidden")},
                                    {404U, std::string("services headwind-api not found")},
                                    {503U, std::string("no endpoints available for service")},
                                    {503U, refused}}) {
    const Approval before = approve(status, status_of(why));
    EXPECT_EQ(before.ended.code, 1);
    EXPECT_GT(before.annotating, 0U) << why;
    EXPECT_THAT(before.ended.err, HasSubstr("is written on the UpdateRequest instead"));
  }
  for (const Approval& after : {approve(503, status_of("error trying to reach service: EOF")),
                                approve(504, status_of("the server did not answer in time")), approve(504, "{}")}) {
    EXPECT_EQ(after.ended.code, 1);
    EXPECT_EQ(after.annotating, 0U) << after.ended.err;
    EXPECT_THAT(after.ended.err, HasSubstr("it may have arrived"));
  }
}

TEST(Kubectl, a_given_token_is_never_replaced_by_the_user_of_the_kubeconfig) {
  const Approval approval =
      approve(503, status_of("no endpoints available for service"), {"HEADWIND_TOKEN=secret-of-mine"});
  EXPECT_EQ(approval.ended.code, 1);
  EXPECT_EQ(approval.annotating, 0U) << approval.ended.err;
  EXPECT_THAT(approval.ended.err, HasSubstr("give --annotate"));
  EXPECT_THAT(approval.ended.err, Not(HasSubstr("secret-of-mine")));
}

TEST(Kubectl, the_Service_can_have_another_name_and_serve_TLS) {
  const Serving server([](const net::ServerRequest& request) {
    for (const char* service : {"/services/https:hw:8443/proxy/", "/services/other:8081/proxy/"})
      if (request.path.find(service) != std::string::npos)
        return json_answer(R"({"namespace":"shop","name":"web-1","message":"approved"})");
    return json_answer(status_of("services not found"), 404);
  });
  const TemporaryDirectory directory;
  const std::string config = kubeconfig(directory, server.url());
  const std::vector<std::string> words{"kubectl", "approve", "web-1", "--kubeconfig", config};
  std::vector<std::string> with_tls = words;
  with_tls.insert(with_tls.end(), {"--api-service", "https:hw:8443"});
  const auto tls = headwind(with_tls);
  EXPECT_EQ(tls.code, 0) << tls.err;
  const auto named = headwind(words, {}, {"HEADWIND_API_SERVICE=other"});
  EXPECT_EQ(named.code, 0) << named.err;
  EXPECT_EQ(headwind(words).code, 1) << "there is none of the usual name";
  for (const char* wrong : {"ftp:hw:8081", "a:b:c:d", "hw/../x", "https:hw:"}) {
    std::vector<std::string> with_wrong = words;
    with_wrong.insert(with_wrong.end(), {"--api-service", wrong});
    const auto ended = headwind(with_wrong);
    EXPECT_EQ(ended.code, 2) << wrong;
    EXPECT_THAT(ended.err, HasSubstr("names no Service")) << wrong;
  }
}

TEST(Completion, each_shell_has_a_script_with_the_commands) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const auto script = headwind({"completion", shell});
    EXPECT_EQ(script.code, 0) << script.err;
    EXPECT_THAT(script.out, HasSubstr(" lint"));
    EXPECT_THAT(script.out, Not(HasSubstr("COMMANDS")));
  }
  EXPECT_EQ(headwind({"completion", "tcsh"}).code, 2);
  const TemporaryDirectory directory;
  const std::string file = directory.write("script", headwind({"completion", "bash"}).out);
  EXPECT_EQ(std::system(("bash -n " + file).c_str()), 0);
}

}  // namespace
}  // namespace headwind::test
