// SPDX-License-Identifier: Apache-2.0
// A life of a workload during which the process is killed at one of its writes, before or after the server has done
// it, and started again: however often, everything ends the same.
#pragma once
#include <chrono>
#include <csignal>
#include <optional>
#include <regex>
#include <thread>

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
    OperatorSettings through = lived_with();
    through.server = proxy->url(), through.registry = silent_registry().host(), through.notified.clear();
    start(through);
  }

  // One life of a workload in a namespace and with versions of its own.
  struct Run {
    std::string space;
    std::uint64_t since = 0;  // before it there is nothing about this life in the audit log
    bool announced = false;   // the sender had its 200
    std::string name() const { return silent_registry().host() + "/" + space + "/app"; }
  };
  using Annotations = std::vector<std::pair<std::string, std::string>>;

  // What lives: one of the three kinds of apps/v1 with one container, unless a suite says otherwise.
  virtual OperatorSettings lived_with() const { return settings(); }
  virtual std::string path(const Run& run) const { return path_of(kind, run.space, "web"); }
  virtual void make(const Run& run, const Annotations& annotations) {
    for (const char* tag : {"1.0.0", "1.1.0", "1.1.901"}) silent_registry().push(run.space + "/app", tag);
    create(run.space, {kind, "web", {{"app", run.name() + ":1.0.0"}}, annotations});
  }
  // The operator has seen all that it decides by.
  virtual bool is_known(const Run& run) const { return headwind->knows(kind, run.space, "web"); }
  virtual std::string version(const Run&, const Json& web) const { return image_of(web); }
  // Whose patches are counted: resource and name.
  virtual std::vector<std::string> patched() const { return {to_lower(kind) + "s web"}; }

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
    if (version(run, get(path(run))) != run.name() + ":1.1.0" || !requests(run.space).empty() || !inbox().empty())
      return;
    headwind->api("POST", "/api/v1/rollback/" + run.space + "/web", {{"container", "app"}, {"reason", "slow"}});
  }

  static std::string verdicts_of(const Json& request) {
    std::string text;
    for (const Json& one : request.value("/status/conditions"_json_pointer, Json::array()))
      text += " " + one.value("type", "") + "=" + one.value("status", "");
    return text;
  }
  // Everything that must not depend on how often the process died.
  std::string end_state(const Run& run) const {
    const Json web = get(path(run));
    std::string text = version(run, web);
    for (const Json& entry : history_of(web))
      text += " | " + entry.value("image", "") + " " + entry.value("updateRequestName", "");
    for (const Json& request : requests(run.space))
      text += " | " + request.at("/metadata/name"_json_pointer).get<std::string>() + " " + phase_of(request) +
              verdicts_of(request);
    if (!annotation_of(web, "update-step").empty()) text += " | a step half done";
    text += " | patches";
    const auto writes = accepted_writes(run.space, run.since);
    for (const std::string& object : patched())
      text += " " + std::to_string(std::count(writes.begin(), writes.end(), "patch " + object));
    text += " | inbox " + std::to_string(inbox().size());
    return std::regex_replace(text, std::regex(run.name()), "app");
  }

  std::string pods_of(const Run& run) const {
    std::string text = get(path(run)).value("status", Json()).dump();
    const Json pods = get("/api/v1/namespaces/" + run.space + "/pods");
    for (const Json& pod : pods.at("items"))
      text += "\n" + pod.at("metadata").value("name", "") + " " + pod.at("status").dump();
    return text;
  }

  Run begin(const Annotations& annotations) {
    Run run{space + "-" + std::to_string(++runs_), plane().audit().mark()};
    plane().create_namespace(run.space);
    // Its first write makes it, as on a new cluster.
    plane().call("DELETE", std::string("/api/v1/namespaces/") + home + "/configmaps/headwind-inbox");
    make(run, annotations);
    EXPECT_TRUE(eventually([&] {
      if (!headwind->running()) headwind->start();  // the last strike may come after the last thing to do
      return is_known(run);
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
          std::this_thread::sleep_for(std::chrono::milliseconds(80));  // each look makes the audit log longer
          if (!headwind->running() || end_state(run) != expected) {
            since.reset();
            return false;
          }
          if (!since) since = Clock::now();
          return proxy->struck() == struck || (struck && Clock::now() - *since > std::chrono::seconds(5));
        },
        std::chrono::seconds(45));
  }

  void survives(const Annotations& annotations, const std::string& expected, const Step& step) {
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
