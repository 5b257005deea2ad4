// SPDX-License-Identifier: Apache-2.0
#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

TEST_F(ApprovalTest, plugins_and_instances_are_shown_without_what_they_do_not_have) {
  PluginList list;
  list.plugins.push_back({"/plugins/good.so", "acme.policy", "1.2.0", "policy", "picks", "loaded", ""});
  list.plugins.push_back({"/plugins/bad.so", "", "", "", "", "refused", "bad.so is empty"});
  PluginInstance resting;
  resting.name = "picky", resting.plugin = "acme.policy", resting.kind = "policy";
  resting.state = "resting", resting.reason = "it rests after repeated faults of the plugin";
  resting.calls = 12, resting.in_flight = 1, resting.errors = {{"internal", 5}, {"overrun", 1}};
  resting.last_error = "picky: choose: it\xff broke", resting.last_error_ms = 1'762'425'000'000;
  resting.since_ms = 1'762'421'400'000;
  PluginInstance idle;
  idle.name = "idle", idle.plugin = "acme.policy", idle.kind = "policy", idle.state = "ready";
  PluginInstance refused;
  refused.name = "stranger", refused.plugin = "acme.gone", refused.state = "refused";
  refused.reason = refused.last_error = "stranger: there is no plugin \"acme.gone\"";
  list.instances = {resting, idle, refused};
  handler = make_approval(*world.engine, open_gate, {}, [&] { return list; });

  const net::ServerResponse response = get("/api/v1/plugins");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(body(response), json::parse(R"json({
    "plugins": [
      {"file": "/plugins/good.so", "id": "acme.policy", "version": "1.2.0", "kind": "policy", "summary": "picks",
       "state": "loaded"},
      {"file": "/plugins/bad.so", "state": "refused", "reason": "bad.so is empty"}],
    "instances": [
      {"name": "picky", "plugin": "acme.policy", "kind": "policy", "state": "resting",
       "reason": "it rests after repeated faults of the plugin", "calls": 12, "inFlight": 1,
       "errors": {"internal": 5, "overrun": 1}, "since": "2025-11-06T09:30:00.000Z",
       "lastError": {"message": "picky: choose: it\ufffd broke", "at": "2025-11-06T10:30:00.000Z"}},
      {"name": "idle", "plugin": "acme.policy", "kind": "policy", "state": "ready", "calls": 0, "inFlight": 0,
       "errors": {}, "since": "1970-01-01T00:00:00.000Z"},
      {"name": "stranger", "plugin": "acme.gone", "state": "refused", "calls": 0, "inFlight": 0, "errors": {},
       "reason": "stranger: there is no plugin \"acme.gone\"", "since": "1970-01-01T00:00:00.000Z",
       "lastError": {"message": "stranger: there is no plugin \"acme.gone\"",
                     "at": "1970-01-01T00:00:00.000Z"}}]})json"));
}

TEST_F(ApprovalTest, without_plugins_both_lists_are_empty) {
  EXPECT_EQ(body(get("/api/v1/plugins")), json::parse(R"({"plugins":[],"instances":[]})"));
}

}  // namespace
}  // namespace headwind::api
