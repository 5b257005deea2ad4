// SPDX-License-Identifier: Apache-2.0
// Charts behind servers that want to see a certificate, and have one that only the source's Secret vouches for.
#include "charts_fixture.hpp"
#include "tls_door.hpp"

namespace headwind::end_to_end {
namespace {

using net::test::Authority;
using net::test::Identity;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

struct Keys {
  std::string certificate = "tls.crt", key = "tls.key", ca = "ca.crt";
};

class Certificates : public Charts {
 protected:
  static const Authority& authority() {
    static const Authority made("Charts");
    return made;
  }
  static const TlsDoor& repository_door() {
    static const TlsDoor made(authority(), chart_server().host());
    return made;
  }
  static const TlsDoor& registry_door() {
    static const TlsDoor made(authority(), silent_registry().host());
    return made;
  }
  static Identity client(const Authority& from = authority()) { return from.issue("headwind", "DNS:headwind"); }

  // Made, or made new.
  void put_secret(const std::string& name, const Identity& identity, const std::string& ca, const Keys& keys = {},
                  const Json& more = Json::object()) const {
    Json data = more;
    if (!identity.key_pem.empty()) data[keys.certificate] = identity.certificate_pem, data[keys.key] = identity.key_pem;
    if (!ca.empty()) data[keys.ca] = ca;
    const std::string secrets = "/api/v1/namespaces/" + space + "/secrets";
    plane().call("DELETE", secrets + "/" + name);
    put(secrets, {{"apiVersion", "v1"}, {"kind", "Secret"}, {"metadata", {{"name", name}}}, {"stringData", data}});
  }
  void publish() const {
    chart_server().publish(space, "app", "1.2.3");
    chart_server().publish(space, "app", "1.2.4");
  }
  std::string url() const { return "https://" + repository_door().host() + "/" + space; }
  std::string oci() const { return "oci://" + registry_door().host() + "/" + space + "/charts"; }
  void push() const {
    for (const char* tag : {"1.2.3", "1.2.4"}) push_chart(space + "/charts/app", tag);
  }
  void add_oci_repository(const Json& more) const {
    Json spec{{"url", oci() + "/app"}, {"interval", "5m"}, {"ref", {{"tag", "1.2.3"}}}};
    spec.update(more);
    put(sources("ocirepositories"), {{"apiVersion", "source.toolkit.fluxcd.io/v1"},
                                     {"kind", "OCIRepository"},
                                     {"metadata", {{"name", "app"}}},
                                     {"spec", spec}});
  }
  bool is_told(const std::string& part, const std::string& name = "web") const {
    return eventually([&] {
      const auto told = events_about(space, name, "TagsNotRead");
      return std::any_of(told.begin(), told.end(),
                         [&](const std::string& one) { return one.find(part) != std::string::npos; });
    });
  }
  void expect_no_secret_in_the_log() const {
    EXPECT_THAT(headwind->log(), Not(HasSubstr("PRIVATE KEY")));
    EXPECT_THAT(headwind->log(), Not(HasSubstr("BEGIN CERTIFICATE")));
  }
};

TEST_F(Certificates, those_of_certSecretRef_open_an_index_over_HTTP) {
  publish();
  put_secret("tls", client(), authority().certificate_pem());
  start();
  add_repository(url(), {{"certSecretRef", {{"name", "tls"}}}});
  add_release({});
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(events_about(space, "web", "TagsNotRead"));
  EXPECT_THAT(events_about(space, "web", "ChartSource"), testing::IsEmpty());
  expect_no_secret_in_the_log();
}

TEST_F(Certificates, those_beside_an_account_in_secretRef_count_also_under_their_former_names) {
  publish();
  chart_server().guard(space, "ci", "s3cret");
  put_secret("charts", client(), authority().certificate_pem(), {"certFile", "keyFile", "caFile"},
             {{"username", "ci"}, {"password", "s3cret"}});
  start();
  add_repository(url(), {{"secretRef", {{"name", "charts"}}}});
  add_release({});
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(events_about(space, "web", "TagsNotRead"));
  expect_no_secret_in_the_log();
}

TEST_F(Certificates, a_wrong_CA_is_refused_with_a_sentence_and_a_rotated_Secret_is_noticed) {
  publish();
  put_secret("tls", client(), Authority("A stranger").certificate_pem());
  start();
  add_repository(url(), {{"certSecretRef", {{"name", "tls"}}}});
  add_release({});
  EXPECT_TRUE(is_told("with the certificates of Secret " + space + "/tls: its certificate is refused"))
      << Json(events_about(space, "web", "TagsNotRead"));
  EXPECT_TRUE(requests(space).empty());
  put_secret("tls", client(), authority().certificate_pem());
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(events_about(space, "web", "TagsNotRead"));
  expect_no_secret_in_the_log();
}

TEST_F(Certificates, a_client_certificate_of_a_stranger_is_refused_and_the_Secret_named) {
  publish();
  put_secret("tls", client(Authority("A stranger")), authority().certificate_pem());
  start();
  add_repository(url(), {{"certSecretRef", {{"name", "tls"}}}});
  add_release({});
  EXPECT_TRUE(is_told("with the certificates of Secret " + space + "/tls"))
      << Json(events_about(space, "web", "TagsNotRead"));
  EXPECT_TRUE(requests(space).empty());
}

TEST_F(Certificates, they_are_shown_for_their_own_source_only) {
  publish();
  put_secret("tls", client(), authority().certificate_pem());
  start();
  add_repository(url(), {{"certSecretRef", {{"name", "tls"}}}});
  plane().create_namespace(space + "-other");
  add_repository(url(), Json::object(), space + "-other");
  HelmRelease without;
  without.name = "without", without.source_namespace = space + "-other";
  add_release(without);
  EXPECT_TRUE(is_told("its certificate is refused", "without")) << Json(events_about(space, "without", "TagsNotRead"));
  add_release({});
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << "the same URL, with the certificates";
  EXPECT_EQ(requests(space).size(), 1u) << "the other was not served what it may not read";
}

TEST_F(Certificates, a_Secret_that_does_not_exist_is_named_until_it_does) {
  publish();
  start();
  add_repository(url(), {{"certSecretRef", {{"name", "tls"}}}});
  add_release({});
  EXPECT_TRUE(
      is_told("the chart is not read without the certificates of its source: Secret " + space + "/tls does not exist"))
      << Json(events_about(space, "web", "TagsNotRead"));
  put_secret("tls", client(), authority().certificate_pem());
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(events_about(space, "web", "TagsNotRead"));
}

TEST_F(Certificates, those_of_certSecretRef_open_an_OCI_registry) {
  push();
  put_secret("tls", client(), authority().certificate_pem());
  start();
  add_repository(oci(), {{"certSecretRef", {{"name", "tls"}}}});
  add_release({});
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(events_about(space, "web", "TagsNotRead"));
}

TEST_F(Certificates, an_OCIRepository_has_its_own) {
  push();
  put_secret("tls", client(), authority().certificate_pem(), {"certFile", "keyFile", "caFile"});
  start();
  add_oci_repository({{"certSecretRef", {{"name", "tls"}}}});
  HelmRelease wanted;
  wanted.source = "OCIRepository/app";
  wanted.annotations = automatic();
  add_release(wanted);
  EXPECT_TRUE(eventually([&] {
    return get(sources("ocirepositories") + "/app").value("/spec/ref/tag"_json_pointer, "") == "1.2.4";
  })) << Json(events_about(space, "web", "TagsNotRead"));
}

}  // namespace
}  // namespace headwind::end_to_end
