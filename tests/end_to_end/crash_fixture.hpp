// SPDX-License-Identifier: Apache-2.0
// A life of a workload during which the process is killed at one of its writes, before or after the server has done
// it, and started again: however often, everything ends the same.
#pragma once
#include <chrono>
#include <csignal>
#include <optional>
#include <regex>

#include "core/text.hpp"
#include "fixture.hpp"
#include "proxy.hpp"

namespace headwind::end_to_end {

class Crash : public EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    if (IsSkipped()) return;
    proxy = std::make_unique<Proxy>();
    OperatorSettings through = settings();
    through.server = proxy->url(), through.registry = silent_registry().host(), through.notified.clear();
    start(through);
  }

  // One life of a workload in a namespace and with an image of its own.
  struct Run {
    std::string space, kind;
    bool announced = false;  // the sender had its 200
    std::string name() const { return silent_registry().host() + "/" + space + "/app"; }
    std::string path() const { return path_of(kind, space, "web"); }
  };
  // What the world does next, as far as the state asks for it: called again and again. Whoever got no answer tries
  // again.
  using Step = std::function<void(Run&)>;

  void announce(Run& run, const std::string& tag = "1.1.0") const {
    if (!run.announced) run.announced = headwind->announce(run.name(), tag).status == 200;
  }
  void approve(const Run& run) const {
    for (const Json& request : requests(run.space))
      if (phase_of(request) == "Pending")
        headwind->api("POST", "/api/v1/updates/" + run.space + "/" + name_of(request) + "/approve",
                      {{"approver", "a"}});
  }
  void roll_back(const Run& run) const {
    const Json web = get(run.path());
    if (image_of(web) != run.name() + ":1.1.0" || !requests(run.space).empty() || !inbox().empty()) return;
    headwind->api("POST", "/api/v1/rollback/" + run.space + "/web", {{"container", "app"}, {"reason", "slow"}});
  }

  static std::string verdicts_of(const Json& request) {
    std::string text;
    for (const Json& one : request.value("/status/conditions"_json_pointer, Json::array()))
      text += " " + one.value("type", "") + "=" + one.value("status", "");
    return text;
  }
  // Everything that must not depend on how often the process died.
  static std::string end_state(const Run& run) {
    const Json web = get(run.path());
    std::string text = image_of(web);
    for (const Json& entry : history_of(web))
      text += " | " + entry.value("image", "") + " " + entry.value("updateRequestName", "");
    for (const Json& request : requests(run.space))
      text += " | " + request.at("/metadata/name"_json_pointer).get<std::string>() + " " + phase_of(request) +
              verdicts_of(request);
    const auto writes = accepted_writes(run.space);
    text += " | patches " +
            std::to_string(std::count(writes.begin(), writes.end(), "patch " + to_lower(run.kind) + "s web"));
    text += " | inbox " + std::to_string(inbox().size());
    return std::regex_replace(text, std::regex(run.name()), "app");
  }

  static std::string pods_of(const Run& run) {
    std::string text = get(run.path()).value("status", Json()).dump();
    const Json pods = get("/api/v1/namespaces/" + run.space + "/pods");
    for (const Json& pod : pods.at("items"))
      text += "\n" + pod.at("metadata").value("name", "") + " " + pod.at("status").dump();
    return text;
  }

  Run begin(const std::vector<std::pair<std::string, std::string>>& annotations) {
    Run run{space + "-" + std::to_string(++runs_), kind};
    plane().create_namespace(run.space);
    for (const char* tag : {"1.0.0", "1.1.0", "1.1.901"}) silent_registry().push(run.space + "/app", tag);
    // Its first write makes it, as on a new cluster.
    plane().call("DELETE", std::string("/api/v1/namespaces/") + home + "/configmaps/headwind-inbox");
    create(run.space, {kind, "web", {{"app", run.name() + ":1.0.0"}}, annotations});
    EXPECT_TRUE(eventually([&] {
      if (!headwind->running()) headwind->start();  // the last strike may come after the last thing to do
      return headwind->knows(kind, run.space, "web");
    }));
    return run;
  }

  // With `struck`, once the strike has come; where two writes were one this time, the last of them never comes.
  bool reaches(Run& run, const std::string& expected, const Step& step, bool struck) {
    using Clock = std::chrono::steady_clock;
    std::optional<Clock::time_point> since;
    return eventually(
        [&] {
          if (!headwind->running()) headwind->start();
          step(run);
          if (!headwind->running() || end_state(run) != expected) {
            since.reset();
            return false;
          }
          if (!since) since = Clock::now();
          return proxy->struck() == struck || (struck && Clock::now() - *since > std::chrono::seconds(5));
        },
        std::chrono::seconds(45));
  }

  void survives(const std::vector<std::pair<std::string, std::string>>& annotations, const std::string& expected,
                const Step& step) {
    Run whole = begin(annotations);
    proxy->arm();
    ASSERT_TRUE(reaches(whole, expected, step, false)) << end_state(whole);
    const std::vector<std::string> writes = proxy->writes();
    std::vector<Run> done{whole};
    for (std::size_t n = 1; n <= writes.size(); ++n) {
      for (const Moment moment : {Moment::before, Moment::after}) {
        if (moment == Moment::before && n > 1 && !both_moments) continue;
        const std::string when = std::string("killed ") + (moment == Moment::before ? "before" : "after") + " write " +
                                 std::to_string(n) + ": " + writes[n - 1];
        Run run = begin(annotations);
        const pid_t victim = headwind->pid();
        proxy->arm(n, moment, [victim] { ::kill(victim, SIGKILL); });
        ASSERT_TRUE(reaches(run, expected, step, true)) << when << "\n"
                                                        << end_state(run) << "\nnot\n"
                                                        << expected << "\n"
                                                        << pods_of(run);
        done.push_back(run);
      }
    }
    // Nothing came later either.
    for (const Run& run : done) EXPECT_EQ(end_state(run), expected) << run.space;
    std::cout << writes.size() << " writes, " << done.size() - 1 << " kills" << std::endl;
  }

  std::unique_ptr<Proxy> proxy;
  std::string kind = "Deployment";
  // Before a write the cluster is as it was after the one before: where a life is long, one of them does.
  bool both_moments = true;

 private:
  int runs_ = 0;
};

}  // namespace headwind::end_to_end
