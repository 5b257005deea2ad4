// SPDX-License-Identifier: Apache-2.0
// The program on the real control plane: what happened, beside what the collector understood of it.
#include "traces_fixture.hpp"

namespace headwind::end_to_end {
namespace {

class Steps : public Traces {
 protected:
  // From the webhook to the decision.
  void expect_beginning(const std::string& tag) {
    const Seen hook = span("POST /webhook/registry");
    EXPECT_EQ(hook.kind, server);
    EXPECT_EQ(hook.parent, "00f067aa0ba902b7");
    EXPECT_EQ(hook.state, "vendor=planted");
    EXPECT_EQ(hook.text("http.route"), "/webhook/registry");
    EXPECT_EQ(hook.text("http.request.method"), "POST");
    EXPECT_EQ(hook.text("http.response.status_code"), "200");
    EXPECT_EQ(hook.text("url.scheme"), "http");
    EXPECT_EQ(hook.text("server.address") + ":" + hook.text("server.port"),
              OperatorProcess::webhook_url().substr(7, OperatorProcess::webhook_url().find('/', 7) - 7));
    EXPECT_EQ(hook.text("network.protocol.version"), "1.1");
    EXPECT_EQ(hook.text("client.address"), "127.0.0.1");
    EXPECT_EQ(hook.text("network.peer.address"), "127.0.0.1");
    EXPECT_NE(hook.text("network.peer.port"), "");
    EXPECT_EQ(hook.resource.at("service.name"), "headwind-under-test");
    EXPECT_EQ(hook.resource.at("deployment.environment.name"), "test bed");
    const Seen inbox = span("take pushes");
    EXPECT_EQ(inbox.parent, hook.id);
    const Seen look_up = span("look up");
    EXPECT_EQ(look_up.parent, hook.id);
    EXPECT_EQ(look_up.text("container.image.name"), silent_registry().host() + "/" + repository());
    EXPECT_EQ(look_up.text("container.image.tags"), "[\"" + tag + "\"]");
    const std::string manifest = "http://" + silent_registry().host() + "/v2/" + repository() + "/manifests/" + tag;
    const auto below = children_of(look_up);
    const auto asked =
        std::find_if(below.begin(), below.end(), [&](const Seen& one) { return one.text("url.full") == manifest; });
    ASSERT_NE(asked, below.end());
    EXPECT_EQ(asked->kind, client);
    EXPECT_EQ(asked->text("server.address"), "127.0.0.1");
    EXPECT_NE(asked->text("server.port"), "");
    EXPECT_EQ(asked->text("network.protocol.version"), "1.1");
    EXPECT_EQ(asked->text("http.response.status_code"), "200");
    decide_ = span("decide");
    EXPECT_EQ(decide_.parent, hook.id);
    EXPECT_EQ(decide_.kind, internal);
    EXPECT_EQ(decide_.state, "vendor=planted");
    EXPECT_EQ(decide_.text("k8s.namespace.name"), space);
    EXPECT_EQ(decide_.text("k8s.deployment.name"), "web");
    EXPECT_EQ(decide_.text("headwind.verdict"), "update");
    EXPECT_NE(decide_.text("oci.manifest.digest"), "");
  }

  // From the patch to who was told.
  void expect_end(const Seen& apply) {
    EXPECT_EQ(apply.text("k8s.deployment.name"), "web");
    const auto below = children_of(apply);
    const auto patch = std::find_if(below.begin(), below.end(), [](const Seen& one) {
      return one.name == "PATCH /apis/apps/v1/namespaces/{namespace}/deployments/{name}";
    });
    ASSERT_NE(patch, below.end());
    EXPECT_EQ(patch->kind, client);
    EXPECT_EQ(patch->text("http.response.status_code"), "200");
    EXPECT_EQ(patch->text("k8s.namespace.name"), space);
    EXPECT_FALSE(patch->failed);
    // Its flags say, beside that it is sampled, whether the sender's trace id or ours is known to be random.
    const auto kept = history_of(workload())[0]["traceparent"].get<std::string>();
    EXPECT_EQ(kept.substr(0, kept.rfind('-')), "00-" + trace_ + "-" + apply.id);
    const Seen rollout = span("roll out");
    EXPECT_EQ(rollout.parent, apply.id);
    EXPECT_EQ(rollout.text("headwind.rollout.verdict"), "done");
    EXPECT_GE(rollout.end_ns - rollout.start_ns, 1'000'000'000) << "from the patch to the verdict";
    EXPECT_TRUE(eventually([&] { return collector().notified(space).contains("rollout_completed"); }));
    for (const auto& [event, traceparent] : collector().notified(space))
      EXPECT_EQ(traceparent.substr(3, 32), trace_) << event;
    const Seen notify = span("notify receiver");
    EXPECT_EQ(notify.kind, producer);
    ASSERT_TRUE(has(children_of(notify), "POST"));
    EXPECT_EQ(children_of(notify).front().text("url.full").find("hook-whose-path"), std::string::npos);
  }

  // Every line of the log about that message carries our trace.
  void expect_in_log(const std::string& message) {
    std::size_t found = 0;
    const std::string log = headwind->log();
    for (const std::string_view line : split(log, '\n')) {
      const Json entry = Json::parse(line, nullptr, false);
      if (!entry.is_object() || entry.value("message", "") != message) continue;
      ++found;
      EXPECT_EQ(entry.value("/fields/trace_id"_json_pointer, ""), trace_) << line;
      EXPECT_EQ(entry.value("/fields/span_id"_json_pointer, "").size(), 16U) << line;
    }
    EXPECT_GT(found, 0U) << message;
    EXPECT_EQ(log.find("planted-secret"), std::string::npos);
  }

  Seen decide_;
};

TEST_F(Steps, one_trace_runs_through_an_approval_which_has_its_own) {
  start_traced();
  deploy({"Deployment", "web", {{"app", silent_image("1.0.0")}}, on_approval()});
  push("1.1.0");
  const Json pending = request_in("Pending");
  ASSERT_TRUE(pending.is_object()) << pending;
  expect_beginning("1.1.0");
  EXPECT_EQ(pending["metadata"]["annotations"]["headwind.sh/traceparent"], "00-" + trace_ + "-" + decide_.id + "-01");
  EXPECT_EQ(pending["metadata"]["annotations"]["headwind.sh/tracestate"], "vendor=planted");
  EXPECT_TRUE(has(children_of(decide_), "POST /apis/headwind.sh/v1alpha1/namespaces/{namespace}/updaterequests"));

  const std::string own = "aaaabbbbccccddddaaaabbbbccccdddd";
  const Reply approved =
      call("POST", OperatorProcess::api_url() + "/api/v1/updates/" + space + "/" + name_of(pending) + "/approve",
           R"({"approver":"a"})",
           {{"Content-Type", "application/json"}, {"traceparent", "00-" + own + "-1111111111111111-01"}});
  ASSERT_EQ(approved.status, 200U) << approved.body;
  const Seen approve = span("approve");
  EXPECT_EQ(approve.parent, decide_.id);
  ASSERT_TRUE(eventually([&] { return !collector().spans_of(own).empty(); }));
  const Seen order = collector().spans_of(own).back();
  EXPECT_EQ(order.kind, server);
  EXPECT_EQ(order.parent, "1111111111111111");
  EXPECT_EQ(order.links, std::vector<std::string>{trace_ + "/" + decide_.id});
  EXPECT_EQ(approve.links, std::vector<std::string>{own + "/" + order.id});
  const Seen apply = span("apply");
  EXPECT_EQ(apply.parent, approve.id);
  expect_end(apply);
  for (const char* message : {"update proposed", "update approved", "update applied", "rolled out"})
    expect_in_log(message);
}

TEST_F(Steps, one_trace_goes_on_where_the_operator_was_killed_in_the_midst) {
  start_traced(4);
  deploy({"Deployment", "web", {{"app", silent_image("1.0.0")}}, automatic()});
  push("1.1.0");
  const Seen apply = span("apply");
  EXPECT_TRUE(runs(silent_image("1.1.0")));
  expect_beginning("1.1.0");
  EXPECT_EQ(apply.parent, decide_.id);
  ASSERT_TRUE(eventually(
      [&] { return has(children_of(apply), "PATCH /apis/apps/v1/namespaces/{namespace}/deployments/{name}"); }));
  headwind->kill();
  headwind->start();
  expect_end(apply);
  EXPECT_NE(span("roll out").resource.at("service.instance.id"), apply.resource.at("service.instance.id"));
}

TEST_F(Steps, one_trace_runs_from_the_reading_of_a_repository_whose_pushes_nobody_announces) {
  start_traced(1, true);
  auto polled = automatic();
  polled.emplace_back("event-source", "polling");
  silent_registry().push(repository(), "1.1.0");
  deploy({"Deployment", "web", {{"app", silent_image("1.0.0")}}, polled});
  ASSERT_TRUE(eventually([&] { return runs(silent_image("1.1.0")); }));
  trace_ = history_of(workload())[0]["traceparent"].get<std::string>().substr(3, 32);
  const Seen poll = span("poll");
  EXPECT_EQ(poll.parent, "");
  EXPECT_EQ(poll.kind, internal);
  EXPECT_EQ(poll.text("container.image.name"), silent_registry().host() + "/" + repository());
  const Seen decide = span("decide");
  EXPECT_EQ(decide.parent, poll.id);
  EXPECT_EQ(decide.text("headwind.verdict"), "update");
  EXPECT_EQ(decide.text("container.image.tags"), R"(["1.1.0"])");
  const std::string base = "http://" + silent_registry().host() + "/v2/" + repository();
  for (const std::string& asked : {base + "/tags/list", base + "/manifests/1.1.0"}) {
    const auto below = children_of(poll);
    EXPECT_TRUE(std::any_of(below.begin(), below.end(), [&](const Seen& one) {
      return one.kind == client && one.text("url.full") == asked;
    })) << asked;
  }
  const Seen apply = span("apply");
  EXPECT_EQ(apply.parent, decide.id);
  expect_end(apply);
}

}  // namespace
}  // namespace headwind::end_to_end
