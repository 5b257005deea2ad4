// SPDX-License-Identifier: Apache-2.0
#include "cli/demo_story.hpp"

#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/clock.hpp"

namespace headwind::cli {
namespace {

using nlohmann::json;

struct DemoWorkload {
  const char *kind, *name, *container, *image, *policy, *approval;
};
constexpr DemoWorkload workloads[] = {
    {"Deployment", "web", "nginx", "nginx:1.25.3", "patch", "false"},
    {"Deployment", "api", "api", "acme/api:2.4.1", "minor", "true"},
    {"StatefulSet", "cache", "redis", "redis:7.2.4", "minor", "true"},
    {"DaemonSet", "agent", "agent", "acme/agent:v1.8.0", "minor", "false"},
};

class Story {
 public:
  explicit Story(Stage stage) : stage_(stage) {}

  Task<Result<>> tell() {
    using Act = Task<Result<>> (Story::*)();
    for (const Act act : {&Story::automatic, &Story::proposal, &Story::approval, &Story::downgrade, &Story::rollback,
                          &Story::memory, &Story::figures}) {
      const Result<> played = co_await (this->*act)();
      if (!played) co_return played.error();
    }
    co_return Result<>{};
  }

 private:
  Task<Result<>> automatic() {
    title("An image is pushed: nginx 1.25.4. Workload web has policy patch and needs no approval.");
    const Result<> pushed = co_await push("library/nginx", "1.25.4");
    if (!pushed) co_return pushed.error();
    co_return co_await until("web runs nginx:1.25.4: one patch, its history beside it",
                             [this] { return image("deployments", "web") == "nginx:1.25.4"; });
  }

  Task<Result<>> proposal() {
    title("acme/api 2.5.0 is pushed. Workload api wants a person to approve: an UpdateRequest waits.");
    const Result<> pushed = co_await push("acme/api", "2.5.0");
    if (!pushed) co_return pushed.error();
    co_return co_await until("UpdateRequest shop/api-api-2-5-0 is Pending; api still runs acme/api:2.4.1",
                             [this] { return phase("api-api-2-5-0") == "Pending"; });
  }

  Task<Result<>> approval() {
    title("A person approves it over REST.");
    const Result<std::string> answer =
        co_await call("POST", stage_.headwind.ports().api, "/api/v1/updates/shop/api-api-2-5-0/approve",
                      {{"approver", "you@example.com"}});
    if (!answer) co_return answer.error();
    co_return co_await until("the request is Completed and api runs acme/api:2.5.0",
                             [this] { return image("deployments", "api") == "acme/api:2.5.0"; });
  }

  Task<Result<>> downgrade() {
    title("Somebody pushes an old branch: acme/agent v1.7.9. Older than what runs is never proposed.");
    const Result<> pushed = co_await push("acme/agent", "v1.7.9");
    if (!pushed) co_return pushed.error();
    const Result<> told = co_await until("an Event on the workload says why it is held",
                                         [this] { return has_event("agent", "UpdateHeld"); });
    if (!told) co_return told.error();
    co_return image("daemonsets", "agent") == "acme/agent:v1.8.0"
        ? Result<>{}
        : Result<>(make_error(Code::internal, "agent was downgraded"));
  }

  Task<Result<>> rollback() {
    title("2.5.0 turns out to be slow: a person rolls back.");
    const Result<std::string> answer = co_await call("POST", stage_.headwind.ports().api, "/api/v1/rollback/shop/api",
                                                     {{"container", "api"}, {"reason", "2.5.0 is slow"}});
    if (!answer) co_return answer.error();
    co_return co_await until("api runs acme/api:2.4.1 again, and 2.5.0 is remembered as bad", [this] {
      return image("deployments", "api") == "acme/api:2.4.1" && phase("api-api-2-5-0") == "RolledBack";
    });
  }

  Task<Result<>> memory() {
    title("acme/api 2.5.0 is announced once more: it stays rolled back. 2.5.1 is new, and proposed.");
    const Result<> again = co_await announce("acme/api", "2.5.0");
    if (!again) co_return again.error();
    const Result<> pushed = co_await push("acme/api", "2.5.1");
    if (!pushed) co_return pushed.error();
    const Result<> proposed = co_await until("UpdateRequest shop/api-api-2-5-1 is Pending",
                                             [this] { return phase("api-api-2-5-1") == "Pending"; });
    if (!proposed) co_return proposed.error();
    if (phase("api-api-2-5-0") != "RolledBack") co_return make_error(Code::internal, "the bad version was forgotten");
    std::puts("   ok: api-api-2-5-0 is still RolledBack");
    co_return Result<>{};
  }

  Task<Result<>> figures() {
    title("What happened, in numbers.");
    const std::string url = "http://127.0.0.1:" + std::to_string(stage_.headwind.ports().metrics) + "/metrics";
    std::printf("   $ curl -s %s | grep -E 'updates_(applied|approved)|rollbacks_manual'\n", url.c_str());
    net::Request request;
    request.url = url;
    const Result<net::Response> answer = co_await stage_.http.send(std::move(request));
    if (!answer) co_return answer.error();
    for (const char* name :
         {"headwind_updates_applied_total ", "headwind_updates_approved_total ", "headwind_rollbacks_manual_total "}) {
      const auto at = answer->body.find(std::string("\n") + name);
      if (at == std::string::npos) co_return make_error(Code::internal, std::string("no metric ") + name);
      std::printf("   %s\n", answer->body.substr(at + 1, answer->body.find('\n', at + 1) - at - 1).c_str());
    }
    co_return Result<>{};
  }

  void title(const char* text) { std::printf("\n%d. %s\n", ++step_, text); }

  // Puts the image into the registry and posts what the registry would.
  Task<Result<>> push(std::string repository, std::string tag) {
    stage_.registry.push(repository, tag);
    return announce(std::move(repository), std::move(tag));
  }

  Task<Result<>> announce(std::string repository, std::string tag) {
    const Result<std::string> answer =
        co_await call("POST", stage_.headwind.ports().webhooks, "/webhook/dockerhub",
                      {{"push_data", {{"tag", tag}}}, {"repository", {{"repo_name", repository}}}});
    if (!answer) co_return answer.error();
    co_return Result<>{};
  }

  // The call a person could have typed, typed and made.
  Task<Result<std::string>> call(std::string method, std::uint16_t port, std::string path, json body) {
    net::Request request;
    request.method = method;
    request.url = "http://127.0.0.1:" + std::to_string(port) + path;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body.dump();
    std::printf("   $ curl -X %s %s -H 'Content-Type: application/json' -d '%s'\n", method.c_str(), request.url.c_str(),
                request.body.c_str());
    const Result<net::Response> answer = co_await stage_.http.send(std::move(request));
    if (!answer) co_return answer.error();
    std::printf("   HTTP %u\n", answer->status);
    if (answer->status != 200)
      co_return make_error(Code::internal, path + " answered " + std::to_string(answer->status) + ": " + answer->body);
    co_return answer->body;
  }

  Task<Result<>> until(const char* what, std::function<bool()> holds) {
    for (int i = 0; i < 1000; ++i) {
      if (holds()) {
        std::printf("   ok: %s\n", what);
        std::fflush(stdout);
        co_return Result<>{};
      }
      co_await sleep_for(std::chrono::milliseconds(10));
    }
    co_return make_error(Code::internal, std::string("this did not happen within 10 s: ") + what);
  }

  std::string image(const char* plural, const char* name) const {
    const json object = json::parse(stage_.cluster.get(plural, "shop", name), nullptr, false);
    return object.is_object() ? object["spec"]["template"]["spec"]["containers"][0].value("image", "") : "";
  }
  std::string phase(const char* name) const {
    const json object = json::parse(stage_.cluster.get("updaterequests", "shop", name), nullptr, false);
    return object.is_object() && object.contains("status") ? object["status"].value("phase", "") : "";
  }
  bool has_event(const std::string& name, const std::string& reason) const {
    for (const std::string& text : stage_.cluster.list("events", "shop")) {
      const json event = json::parse(text, nullptr, false);
      if (event.value("reason", "") != reason || event["involvedObject"].value("name", "") != name) continue;
      std::printf("   Event: %s\n", event.value("message", "").c_str());
      return true;
    }
    return false;
  }

  Stage stage_;
  int step_ = 0;
};

}  // namespace

void set_the_stage(fake::ApiServer& cluster, fake::Registry& registry) {
  cluster.put(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"headwind-system"}})");
  for (const DemoWorkload& workload : workloads) {
    const json labels = {{"app", workload.name}};
    const json object = {
        {"apiVersion", "apps/v1"},
        {"kind", workload.kind},
        {"metadata",
         {{"namespace", "shop"},
          {"name", workload.name},
          {"annotations",
           {{"headwind.sh/policy", workload.policy},
            {"headwind.sh/require-approval", workload.approval},
            {"headwind.sh/min-update-interval", "0"}}}}},
        {"spec",
         {{"selector", {{"matchLabels", labels}}},
          {"template",
           {{"metadata", {{"labels", labels}}},
            {"spec", {{"containers", json::array({{{"name", workload.container}, {"image", workload.image}}})}}}}}}}};
    const Result<> put = cluster.put(object.dump());
    if (!put) std::fprintf(stderr, "headwind: demo: %s\n", put.error().message.c_str());
  }
  for (const auto& [repository, tag] : {std::pair{"library/nginx", "1.25.3"}, std::pair{"acme/api", "2.4.1"},
                                        std::pair{"library/redis", "7.2.4"}, std::pair{"acme/agent", "v1.8.0"}})
    registry.push(repository, tag);
}

Task<Result<>> tell_the_story(Stage stage) {
  Story story(stage);
  co_return co_await story.tell();
}

}  // namespace headwind::cli
