// SPDX-License-Identifier: Apache-2.0
// kubectl headwind as a person uses it: the program by that name beside the real kubectl, under the person's own
// kubeconfig, through the API server's proxy of the Service.
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cstring>

#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::HasSubstr;

constexpr const char* rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/headwind-system/";

// An address of this machine that the API server may pass calls on to: not a loopback one.
std::string own_address() {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) throw std::runtime_error("the addresses of this machine cannot be read");
  std::string found;
  for (const ifaddrs* one = all; one != nullptr && found.empty(); one = one->ifa_next) {
    if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET || (one->ifa_flags & IFF_LOOPBACK) != 0)
      continue;
    char text[INET_ADDRSTRLEN] = {};
    sockaddr_in address{};
    std::memcpy(&address, one->ifa_addr, sizeof address);
    if (::inet_ntop(AF_INET, &address.sin_addr, text, sizeof text) != nullptr) found = text;
  }
  ::freeifaddrs(all);
  if (found.empty()) throw std::runtime_error("this machine has no address but the loopback's");
  return found;
}

void make(const std::string& path, const Json& object) {
  const auto made = plane().call("POST", path, object.dump());
  if (!made.ok() && made.status != 409) throw std::runtime_error(path + ": " + made.body);
}

// The Service of deploy/50-services.yaml, led to the operator of this test.
void serve_api() {
  const std::string url = OperatorProcess::api_url();
  const int port = std::stoi(url.substr(url.rfind(':') + 1));
  const Json metadata{{"name", "headwind-api"}, {"namespace", "headwind-system"}};
  const std::string core = "/api/v1/namespaces/headwind-system/";
  make(core + "services", {{"apiVersion", "v1"},
                           {"kind", "Service"},
                           {"metadata", metadata},
                           {"spec", {{"ports", {{{"name", "api"}, {"port", 8081}, {"targetPort", port}}}}}}});
  // What controllers and a kubelet would write: the server passes calls on to the address of a pod alone.
  const std::string address = own_address(), name = "headwind-api-test";
  make(core + "pods", {{"apiVersion", "v1"},
                       {"kind", "Pod"},
                       {"metadata", {{"name", name}}},
                       {"spec", {{"nodeName", "node-0"}, {"containers", {{{"name", "app"}, {"image", "app:1"}}}}}}});
  const Json status{{"phase", "Running"}, {"podIP", address}, {"podIPs", {{{"ip", address}}}}};
  const auto told = plane().call("PATCH", core + "pods/" + name + "/status", Json{{"status", status}}.dump());
  if (!told.ok()) throw std::runtime_error(told.body);
  const Json pod{{"kind", "Pod"}, {"namespace", "headwind-system"}, {"name", name}};
  make(core + "endpoints",
       {{"apiVersion", "v1"},
        {"kind", "Endpoints"},
        {"metadata", metadata},
        {"subsets",
         {{{"addresses", {{{"ip", address}, {"targetRef", pod}}}}, {"ports", {{{"name", "api"}, {"port", port}}}}}}}});
}

// deploy/20-rbac.yaml's Role, for one user.
void bind_proxy(const std::string& user) {
  make(std::string(rbac) + "roles", {{"apiVersion", "rbac.authorization.k8s.io/v1"},
                                     {"kind", "Role"},
                                     {"metadata", {{"name", "headwind-api-proxy"}}},
                                     {"rules",
                                      {{{"apiGroups", {""}},
                                        {"resources", {"services/proxy"}},
                                        {"verbs", {"get", "create"}},
                                        {"resourceNames", {"headwind-api:8081"}}}}}});
  const std::string group = "rbac.authorization.k8s.io";
  make(std::string(rbac) + "rolebindings",
       {{"apiVersion", group + "/v1"},
        {"kind", "RoleBinding"},
        {"metadata", {{"name", "proxy-" + user}}},
        {"subjects", {{{"kind", "User"}, {"name", user}, {"apiGroup", group}}}},
        {"roleRef", {{"kind", "Role"}, {"name", "headwind-api-proxy"}, {"apiGroup", group}}}});
}

class KubectlProgram : public EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    if (IsSkipped()) return;
    bind("alice", "headwind-approver", "approve");
    bind("carol", "headwind-viewer", "get");
    bind_proxy("alice");
    bind_proxy("carol");
    bin = std::filesystem::temp_directory_path() / ("headwind-kubectl-" + std::to_string(::getpid()));
    std::filesystem::create_directories(bin);
    for (const char* name : {"kubectl-headwind", "kubectl_complete-headwind"}) {
      std::filesystem::remove(bin / name);
      std::filesystem::create_symlink(OperatorProcess::build() / "host" / "headwind", bin / name);
    }
    OperatorSettings guarded = settings();
    guarded.auth = "token", guarded.token = testbed::ControlPlane::token("alice");
    guarded.environment.emplace_back("HEADWIND_PORTS_API_ADDRESS=0.0.0.0");
    registry().push(repository(), "1.0.0");
    start(guarded);
    serve_api();
    deploy({"Deployment", "web", {{"app", image("1.0.0")}}, on_approval()});
    registry().push(repository(), "1.1.0");
    ASSERT_TRUE(request_for("web-app-1-1-0", "Pending").is_object());
  }
  void TearDown() override {
    EndToEnd::TearDown();
    std::error_code ignored;
    std::filesystem::remove_all(bin, ignored);
  }
  Ended run(const std::string& user, const std::string& arguments, const std::string& program = "kubectl headwind") {
    return run_shell("env -u HEADWIND_API_URL -u HEADWIND_TOKEN PATH=" + bin.string() + ":" +
                     testbed::binaries().string() + ":$PATH KUBECONFIG=" + plane().kubeconfig(user, space).string() +
                     " " + program + " " + arguments);
  }
  std::filesystem::path bin;
};

TEST_F(KubectlProgram, people_see_and_do_what_their_roles_allow_and_no_more) {
  Ended list;
  ASSERT_TRUE(eventually([&] { return (list = run("carol", "explain web")).status == 0; })) << list.text;
  EXPECT_THAT(list.text, HasSubstr("UpdateRequest " + space + "/web-app-1-1-0 would bring " + image("1.1.0")));
  list = run("carol", "list -o wide");
  EXPECT_EQ(list.status, 0) << list.text;
  EXPECT_THAT(list.text, HasSubstr("web-app-1-1-0"));
  EXPECT_THAT(run("carol", "show web-app-1-1-0").text, HasSubstr("newImage: "));
  const Json listed = Json::parse(run("carol", "list -o json").text, nullptr, false);
  EXPECT_EQ(listed.value("/items/0/metadata/name"_json_pointer, ""), "web-app-1-1-0") << listed.dump();
  EXPECT_FALSE(listed.contains("/items/0/metadata/managedFields"_json_pointer)) << "as kubectl shows objects";
  EXPECT_THAT(run("carol", "list -o yaml").text, HasSubstr("name: web-app-1-1-0"));

  const Ended refused = run("carol", "approve web-app-1-1-0");
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.text, HasSubstr("User carol needs the verb \"approve\""));
  EXPECT_EQ(run("carol", "rollback web").status, 1);
  const Ended stranger = run("bob", "explain web");
  EXPECT_EQ(stranger.status, 1);
  EXPECT_THAT(stranger.text, HasSubstr("bind the Role headwind-api-proxy"));
  EXPECT_EQ(image_of(workload()), image("1.0.0"));

  const Ended names = run("alice", "approve ''", "kubectl_complete-headwind");
  EXPECT_THAT(names.text, HasSubstr("web-app-1-1-0"));
  EXPECT_THAT(names.text, HasSubstr("\n:4\n"));
  const Ended approved = run("alice", "approve web-app-1-1-0 --comment 'all green'");
  EXPECT_EQ(approved.status, 0) << approved.text;
  EXPECT_EQ(request_for("web-app-1-1-0", "Completed")["status"]["approvedBy"], "alice");
  EXPECT_TRUE(runs(image("1.1.0")));

  const Ended back = run("alice", "rollback web --reason slow");
  EXPECT_EQ(back.status, 0) << back.text;
  EXPECT_TRUE(runs(image("1.0.0")));
  const Ended history = run("carol", "history web");
  EXPECT_THAT(history.text, HasSubstr("RolledBack")) << "the bad one is marked";
  const Ended released = run("alice", "release web-app-1-1-0");
  EXPECT_EQ(released.status, 0) << released.text;
  EXPECT_TRUE(eventually([&] { return get(requests_path(space, "web-app-1-1-0")).is_null(); }));

  registry().push(repository(), "1.2.0");
  ASSERT_TRUE(request_for("web-app-1-2-0", "Pending").is_object());
  const Ended rejected = run("alice", "reject web-app-1-2-0 --reason 'not before Monday'");
  EXPECT_EQ(rejected.status, 0) << rejected.text;
  EXPECT_THAT(request_for("web-app-1-2-0", "Rejected").dump(), HasSubstr("not before Monday"));
  // And the program by its own name, which asks the API itself.
  const Ended told = run_shell(
      "HEADWIND_API_URL=" + OperatorProcess::api_url() + " HEADWIND_TOKEN=" + testbed::ControlPlane::token("carol") +
      " " + (OperatorProcess::build() / "host/headwind").string() + " explain " + space + "/deployment/web");
  EXPECT_EQ(told.status, 0) << told.text;
  EXPECT_THAT(told.text, HasSubstr("not before Monday"));
  EXPECT_THAT(headwind->log(), testing::Not(HasSubstr(testbed::ControlPlane::token("alice"))));
}

}  // namespace
}  // namespace headwind::end_to_end
