// SPDX-License-Identifier: Apache-2.0
// Every span of a trace, beside what happened: none is missing, doubled, or of nobody. The operator is killed whenever
// the work waits.
#include <set>

#include "traces_fixture.hpp"

namespace headwind::end_to_end {
namespace {

using Names = std::multiset<std::string>;

class WholeTrace : public Traces {
 protected:
  // Our own work, without the requests to others that are below it.
  Names work() const {
    Names names;
    for (const Seen& one : collector().spans_of(trace_))
      if (one.kind != client) names.insert(one.name);
    return names;
  }
  // That these spans of our own work are there, and no others; each a part of another one of the trace, but for the
  // webhook's, which is the sender's.
  void expect_whole(const Names& expected) {
    eventually([&] { return work() == expected; }, std::chrono::seconds(20));
    EXPECT_EQ(work(), expected);
    const std::vector<Seen> all = collector().spans_of(trace_);
    std::map<std::string, Seen> by_id;
    for (const Seen& one : all) EXPECT_TRUE(by_id.emplace(one.id, one).second) << one.name << " came twice";
    for (const Seen& one : all) {
      EXPECT_LE(one.start_ns, one.end_ns) << one.name;
      const auto parent = by_id.find(one.parent);
      if (one.kind == server) {
        EXPECT_EQ(one.parent, sender) << one.name;
      } else if (parent == by_id.end()) {
        ADD_FAILURE() << one.name << " is a part of " << one.parent << ", which never came";
      } else {
        EXPECT_NE(parent->second.kind, client) << one.name << " is a part of " << parent->second.name;
        // A rollout begins when its patch was sent, which the history keeps in milliseconds.
        EXPECT_GE(one.start_ns / 1'000'000, parent->second.start_ns / 1'000'000)
            << one.name << " began before " << parent->second.name;
      }
    }
  }
  // Of `count` spans of our work all are with the collector; then the process dies.
  void kill_and_start(std::size_t count) {
    EXPECT_TRUE(eventually([&] { return work().size() >= count; })) << Json(work()).dump();
    headwind->kill();
    headwind->start();
  }
  // An order of a person, who has a trace of his own; returns the span of it.
  Seen order(const std::string& path, const Json& body, const std::string& own) {
    const Reply done =
        call("POST", OperatorProcess::api_url() + path, body.dump(),
             {{"Content-Type", "application/json"}, {"traceparent", "00-" + own + "-1111111111111111-01"}});
    EXPECT_EQ(done.status, 200U) << done.body;
    const auto find = [&] {
      const auto all = collector().spans_of(own);
      const auto found = std::find_if(all.begin(), all.end(), [](const Seen& one) { return one.kind == server; });
      return found == all.end() ? Seen{} : *found;
    };
    EXPECT_TRUE(eventually([&] { return !find().id.empty(); })) << path;
    return find();
  }
  // The spans of what was told as a part of our trace: one for each.
  Names told() const {
    Names names;
    for (const auto& [event, traceparent] : collector().notified(space))
      if (traceparent.substr(3, 32) == trace_) names.insert("notify receiver");
    return names;
  }
  static Names sum(std::vector<Names> parts) {
    Names all;
    for (const Names& one : parts) all.insert(one.begin(), one.end());
    return all;
  }

  // Lines of the log about our workload or its requests that say not of which trace they are a part.
  std::set<std::string> untraced() const {
    std::set<std::string> messages;
    const std::string log = headwind->log();
    for (const std::string_view line : split(log, '\n')) {
      const Json entry = Json::parse(line, nullptr, false);
      if (!entry.is_object() || !entry.contains("fields") || entry["fields"].contains("trace_id")) continue;
      for (const char* field : {"workload", "request"})
        if (entry["fields"].contains(field) && entry["fields"][field].dump().find(space + "/") != std::string::npos)
          messages.insert(entry.value("message", ""));
    }
    return messages;
  }

  // The trace of each entry of the audit stream: "approve by api" and the like.
  std::map<std::string, std::string> audited() const {
    std::map<std::string, std::string> traces;
    const std::string log = headwind->log();
    for (const std::string_view line : split(log, '\n')) {
      const Json entry = Json::parse(line, nullptr, false);
      if (entry.is_object() && entry.contains("audit") && entry.value("namespace", "") == space)
        traces[entry.value("action", "") + " by " + entry.value("via", "")] = entry.value("trace", "");
    }
    return traces;
  }

  static constexpr const char* sender = "00f067aa0ba902b7";
};

TEST_F(WholeTrace, goes_on_over_restarts_while_it_waits_and_ends_with_a_rollback) {
  start_traced();
  auto annotations = on_approval();
  annotations.emplace_back("suspend", "true");
  deploy({"Deployment", "web", {{"app", silent_image("1.0.0")}}, annotations});
  push("1.1.0");
  const Names arrived{"POST /webhook/registry", "take pushes", "look up"};
  ASSERT_TRUE(eventually([&] { return !inbox().empty(); })) << "it waits until the suspension is lifted";
  kill_and_start(arrived.size());
  plane().call("PATCH", path_of("Deployment", space, "web"),
               R"({"metadata":{"annotations":{"headwind.sh/suspend":null}}})");

  const Json pending = request_in("Pending");
  ASSERT_TRUE(pending.is_object()) << pending;
  const Seen decide = span("decide");
  EXPECT_EQ(decide.parent, span("POST /webhook/registry").id);
  kill_and_start(arrived.size() + 4);  // looked up again, decided, told twice: detected, and that a request was made

  const std::string own = "aaaabbbbccccddddaaaabbbbcccc" + trace_.substr(28);
  const Seen approved =
      order("/api/v1/updates/" + space + "/" + name_of(pending) + "/approve", {{"approver", "a"}}, own);
  EXPECT_EQ(span("approve").parent, decide.id);
  EXPECT_EQ(span("approve").links, std::vector<std::string>{own + "/" + approved.id});
  EXPECT_EQ(span("apply").parent, span("approve").id);
  EXPECT_EQ(span("roll out").parent, span("apply").id);

  const std::string other = "ddddccccbbbbaaaaddddccccbbbb" + trace_.substr(28);
  const Seen ordered = order("/api/v1/rollback/" + space + "/web", {{"container", "app"}, {"user", "a"}}, other);
  EXPECT_TRUE(runs(silent_image("1.0.0")));
  EXPECT_EQ(span("roll back").parent, decide.id);
  EXPECT_EQ(span("roll back").links, std::vector<std::string>{other + "/" + ordered.id});
  EXPECT_EQ(span("roll out rollback").parent, span("roll back").id);
  EXPECT_EQ(span("roll out rollback").text("headwind.rollout.verdict"), "done");
  ASSERT_TRUE(eventually([&] { return collector().notified(space).contains("rollback_completed"); }));
  EXPECT_EQ(collector().notified(space).at("rollback_triggered").substr(3, 32), other) << "told of who ordered it";
  EXPECT_EQ(told().size() + 1, collector().notified(space).size());
  expect_whole(
      sum({arrived, {"look up", "decide", "approve", "apply", "roll out", "roll back", "roll out rollback"}, told()}));
  EXPECT_EQ(untraced(), std::set<std::string>{});
  const std::map<std::string, std::string> entries{{"approve by api", own},
                                                   {"apply by operator", trace_},
                                                   {"rollback by api", other},
                                                   {"rollback by operator", trace_}};
  EXPECT_EQ(audited(), entries);
}

TEST_F(WholeTrace, ends_with_a_rejection) {
  start_traced();
  deploy({"Deployment", "web", {{"app", silent_image("1.0.0")}}, on_approval()});
  push("1.1.0");
  const Json pending = request_in("Pending");
  ASSERT_TRUE(pending.is_object()) << pending;
  const std::string own = "eeeebbbbccccddddaaaabbbbcccc" + trace_.substr(28);
  const Seen rejected = order("/api/v1/updates/" + space + "/" + name_of(pending) + "/reject",
                              {{"approver", "a"}, {"reason", "not today"}}, own);
  const Seen reject = span("reject");
  EXPECT_EQ(reject.parent, span("decide").id);
  EXPECT_EQ(reject.links, std::vector<std::string>{own + "/" + rejected.id});
  expect_whole(sum({{"POST /webhook/registry", "take pushes", "look up", "decide", "reject"}, told()}));
  EXPECT_EQ(untraced(), std::set<std::string>{});
}

}  // namespace
}  // namespace headwind::end_to_end
