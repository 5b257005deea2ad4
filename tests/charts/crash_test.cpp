// SPDX-License-Identifier: Apache-2.0
// The process is killed at every write of an update of a chart, and started again. The test is helm-controller: it says
// of whatever version is asked for what became of it.
#include "crash_fixture.hpp"
#include "flux_objects.hpp"

namespace headwind::end_to_end {
namespace {

class CrashOfCharts : public Crash {
 protected:
  CrashOfCharts() { kind = "HelmRelease", both_moments = false; }
  void SetUp() override {
    if (testbed::available()) need_flux();
    Crash::SetUp();
  }
  // The next test's operator does not follow these.
  void TearDown() override {
    Crash::TearDown();
    for (const std::string& name_space : spaces_) plane().call("DELETE", FluxObjects{name_space}.releases());
  }

  OperatorSettings lived_with() const override {
    OperatorSettings with = settings();
    with.environment.emplace_back("HEADWIND_HELM_AUTO_DISCOVERY=false");  // nobody reads a list: the push is announced
    with.rollouts["settle"] = 0;  // helm-controller's word does not change any more
    return with;
  }
  std::string path(const Run& run) const override { return flux(run).releases() + "/web"; }
  void make(const Run& run, const Annotations& annotations) override {
    spaces_.push_back(run.space);
    for (const char* version : {"1.2.3", "1.2.4", "1.2.901"}) push_chart(run.space + "/app", version);
    add_source(run);
    HelmRelease wanted;
    wanted.source = source_, wanted.annotations = annotations;
    flux(run).add_release(wanted);
    reconcile(run);
  }
  // Where the version is another object's, it is known only when both have been seen.
  bool is_known(const Run& run) const override {
    const Reply told = headwind->api("GET", "/api/v1/explain/" + run.space + "/HelmRelease/web");
    return told.status == 200 && told.json().value("/slots/0/image"_json_pointer, "") == "app:1.2.3";
  }
  std::string version(const Run&, const Json& web) const override { return FluxObjects::version_of(web); }
  virtual void add_source(const Run& run) const {
    flux(run).add_repository("oci://" + silent_registry().host() + "/" + run.space);
  }
  virtual std::string revision(const std::string& version) const { return version; }

  static FluxObjects flux(const Run& run) { return {run.space}; }
  // helm-controller: what ends in .901 cannot be installed.
  void reconcile(const Run& run) const {
    const Json web = get(path(run));
    if (!web.is_object()) return;
    const std::string wanted = revision(version(run, web));
    const Json& status = web.value("status", Json::object());
    if (status.value("lastAttemptedRevision", "") == wanted &&
        status.value("observedGeneration", 0) == web.at("/metadata/generation"_json_pointer))
      return;
    if (wanted.find(".901") == std::string::npos)
      flux(run).report("True", "UpgradeSucceeded", wanted);
    else
      flux(run).report("False", "UpgradeFailed", wanted, "Helm upgrade failed: timed out waiting for the condition");
  }
  Step announced(const std::string& version) {
    return [this, version](Run& run) {
      announce(run, version);
      approve(run);
      reconcile(run);
    };
  }

  static Annotations undoing(Annotations all) {
    all.emplace_back("auto-rollback", "true");
    all.emplace_back("health-check-retries", "1");
    return all;
  }

  std::string source_ = "HelmRepository/charts";

 private:
  std::vector<std::string> spaces_;
};

TEST_F(CrashOfCharts, an_approved_version_arrives_once_whenever_we_die) {
  survives(on_approval(),
           "1.2.4 | app:1.2.4 web-1-2-4 | app:1.2.3  | web-1-2-4 Completed RolledOut=True | patches 1 | inbox 0",
           announced("1.2.4"));
}

TEST_F(CrashOfCharts, a_version_that_cannot_be_installed_is_undone_whenever_we_die) {
  survives(undoing(automatic()),
           "1.2.3 | app:1.2.3 web-1-2-901 | app:1.2.901  | app:1.2.3  | "
           "web-1-2-901 RolledBack RolledOut=False RolledBack=True | patches 2 | inbox 0",
           announced("1.2.901"));
}

// The version is the OCIRepository's; history and notes are the release's.
class CrashOfReferredCharts : public CrashOfCharts {
 protected:
  CrashOfReferredCharts() { source_ = "OCIRepository/app"; }
  static std::string repository_of(const Run& run) { return flux(run).sources("ocirepositories") + "/app"; }
  void add_source(const Run& run) const override {
    const FluxObjects objects = flux(run);
    objects.put(objects.sources("ocirepositories"),
                {{"apiVersion", "source.toolkit.fluxcd.io/v1"},
                 {"kind", "OCIRepository"},
                 {"metadata", {{"name", "app"}}},
                 {"spec", {{"url", "oci://" + run.name()}, {"interval", "5m"}, {"ref", {{"tag", "1.2.3"}}}}}});
  }
  std::string version(const Run& run, const Json&) const override {
    return get(repository_of(run)).value("/spec/ref/tag"_json_pointer, "");
  }
  std::vector<std::string> patched() const override { return patched_; }
  // Flux appends the beginning of the artifact's digest.
  std::string revision(const std::string& version) const override { return version + "+0123456789ab"; }

  std::vector<std::string> patched_{"ocirepositories app"};
};

TEST_F(CrashOfReferredCharts, an_approved_tag_arrives_once_with_its_history_whenever_we_die) {
  patched_.emplace_back("helmreleases web");
  survives(on_approval(),
           "1.2.4 | app:1.2.4 web-1-2-4 | app:1.2.3  | web-1-2-4 Completed RolledOut=True | patches 1 1 | inbox 0",
           announced("1.2.4"));
}

// How often the release is patched is no matter: a note of a step that was not done is taken away, and written again.
TEST_F(CrashOfReferredCharts, an_approved_tag_that_cannot_be_installed_is_undone_whenever_we_die) {
  survives(undoing(on_approval()),
           "1.2.3 | app:1.2.3 web-1-2-901 | app:1.2.901 web-1-2-901 | app:1.2.3  | "
           "web-1-2-901 RolledBack RolledOut=False RolledBack=True | patches 2 | inbox 0",
           announced("1.2.901"));
}

}  // namespace
}  // namespace headwind::end_to_end
