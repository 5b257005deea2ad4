// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/index_fetch.hpp"

#include <gmock/gmock.h>

#include "plugins_helm/index_text.hpp"
#include "plugins_helm/scripted_index_transport.hpp"

namespace headwind::registries::helm {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class IndexFetch : public ::testing::Test {
 protected:
  Outcome<FetchedIndex> fetch(const std::string& repository = "https://charts.test/stable/app",
                              const Validators& known = {}) {
    const auto name = parse_chart_name(repository);
    return fetch_index(*name, asker_of(*name, *Settings::parse(settings), transport), known, transport);
  }
  Failure failure(const std::string& repository = "https://charts.test/stable/app") {
    const auto fetched = fetch(repository);
    EXPECT_FALSE(fetched);
    return fetched ? Failure{HW_OK, "", 0} : fetched.failure();
  }
  const std::vector<Request>& requests() const { return transport.script.requests; }

  std::function<Response(const Request&)> answer = [](const Request&) {
    return Response{200, {{"ETag", "\"1\""}, {"Last-Modified", "Mon, 02 Mar 2026 14:05:44 GMT"}}, sample("index.yaml")};
  };
  ScriptedIndexTransport transport{[this](const Request& request) -> Outcome<Response> { return answer(request); }};
  std::string settings = "{}";
};

TEST_F(IndexFetch, reads_the_index_and_how_to_ask_for_it_again) {
  const auto fetched = fetch("https://charts.test/stable?team=a/app");
  ASSERT_TRUE(fetched) << fetched.failure().message;
  EXPECT_EQ(fetched->index->entries(), 4u);
  EXPECT_EQ(fetched->validators.etag, "\"1\"");
  EXPECT_EQ(fetched->validators.last_modified, "Mon, 02 Mar 2026 14:05:44 GMT");
  EXPECT_EQ(requests()[0].url, "https://charts.test/stable/index.yaml?team=a");
  EXPECT_EQ(sent(requests()[0], "Authorization"), "-");
  EXPECT_EQ(sent(requests()[0], "If-None-Match"), "-");
}

TEST_F(IndexFetch, asks_whether_what_is_known_has_changed) {
  answer = [](const Request&) { return Response{304, {}, ""}; };
  const auto by_etag = fetch("https://charts.test/app", {"W/\"7\"", "yesterday"});
  ASSERT_TRUE(by_etag);
  EXPECT_FALSE(by_etag->index);
  EXPECT_EQ(by_etag->validators.etag, "W/\"7\"");
  EXPECT_EQ(sent(requests()[0], "If-None-Match"), "W/\"7\"");
  EXPECT_EQ(sent(requests()[0], "If-Modified-Since"), "-");
  ASSERT_TRUE(fetch("https://charts.test/app", {"", "yesterday"}));
  EXPECT_EQ(sent(requests()[1], "If-Modified-Since"), "yesterday");
}

TEST_F(IndexFetch, does_not_believe_a_304_that_it_did_not_ask_for) {
  answer = [](const Request&) { return Response{304, {}, ""}; };
  EXPECT_EQ(failure().code, HW_INVALID);
}

TEST_F(IndexFetch, keeps_no_validator_that_it_could_not_send_again) {
  answer = [](const Request&) {
    return Response{
        200, {{"ETag", std::string(2000, 'x')}, {"Last-Modified", "a\r\nX-Evil: b"}}, "apiVersion: v1\nentries: {}\n"};
  };
  const auto fetched = fetch();
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->validators.etag, "");
  EXPECT_EQ(fetched->validators.last_modified, "");
}

TEST_F(IndexFetch, shows_the_account_unasked) {
  transport.script.pull = Credential{"id", "ci", "s3cret", "", ""};
  ASSERT_TRUE(fetch());
  EXPECT_EQ(sent(requests()[0], "Authorization"), "Basic Y2k6czNjcmV0");
  transport.script.pull.reset();
  transport.script.secrets["charts"] = "other";
  settings = R"({"hosts":{"charts.test":{"username":"bot","password_secret":"charts"}}})";
  ASSERT_TRUE(fetch());
  EXPECT_EQ(sent(requests()[1], "Authorization"), "Basic Ym90Om90aGVy");
  ASSERT_TRUE(fetch("https://other.test/stable/app"));
  EXPECT_EQ(sent(requests()[2], "Authorization"), "-");
}

TEST_F(IndexFetch, shows_the_account_over_plain_http_only_where_that_is_said) {
  transport.script.pull = Credential{"id", "ci", "s3cret", "", ""};
  ASSERT_TRUE(fetch("http://charts.test/app"));
  EXPECT_EQ(sent(requests()[0], "Authorization"), "-");
  settings = R"({"hosts":{"charts.test":{"endpoint":"http://charts.test"}}})";
  ASSERT_TRUE(fetch("http://charts.test/app"));
  EXPECT_EQ(sent(requests()[1], "Authorization"), "Basic Y2k6czNjcmV0");
  ASSERT_TRUE(fetch("https://charts.test/app"));
  EXPECT_EQ(sent(requests()[2], "Authorization"), "Basic Y2k6czNjcmV0");
  ASSERT_TRUE(fetch("http://charts.test:8080/app"));
  EXPECT_EQ(sent(requests()[3], "Authorization"), "-");
}

TEST_F(IndexFetch, says_why_the_account_was_not_shown) {
  transport.script.pull = Credential{"id", "ci", "s3cret", "", ""};
  answer = [](const Request&) { return Response{401, {}, ""}; };
  const auto plain = failure("http://charts.test/app");
  EXPECT_EQ(plain.code, HW_DENIED);
  EXPECT_THAT(plain.message, HasSubstr("not sent over plain HTTP"));
  EXPECT_THAT(plain.message, HasSubstr("registries.charts.test.endpoint"));
  EXPECT_THAT(failure().message, HasSubstr("refused the credential"));
  transport.script.pull.reset();
  EXPECT_THAT(failure().message, HasSubstr("no credential was found"));
}

TEST_F(IndexFetch, follows_redirects_without_the_account) {
  transport.script.pull = Credential{"id", "ci", "s3cret", "", ""};
  answer = [](const Request& request) {
    if (request.url == "https://charts.test/stable/index.yaml") return Response{302, {{"Location", "/moved"}}, ""};
    if (request.url == "https://charts.test/moved")
      return Response{307, {{"location", "https://storage.test/bucket/index.yaml?sig=1"}}, ""};
    return Response{200, {}, sample("index.yaml")};
  };
  ASSERT_TRUE(fetch());
  ASSERT_EQ(requests().size(), 3u);
  EXPECT_EQ(sent(requests()[1], "Authorization"), "Basic Y2k6czNjcmV0");
  EXPECT_EQ(requests()[2].url, "https://storage.test/bucket/index.yaml?sig=1");
  EXPECT_EQ(sent(requests()[2], "Authorization"), "-");
}

TEST_F(IndexFetch, takes_another_port_or_scheme_for_another_host) {
  transport.script.pull = Credential{"id", "ci", "s3cret", "", ""};
  settings = R"({"hosts":{"charts.test":{"endpoint":"http://charts.test"}}})";
  for (const char* elsewhere : {"https://charts.test/x", "http://charts.test:8080/x"}) {
    transport.script.requests.clear();
    answer = [&](const Request& request) {
      if (request.url != elsewhere) return Response{302, {{"location", elsewhere}}, ""};
      return Response{200, {}, sample("index.yaml")};
    };
    ASSERT_TRUE(fetch("http://charts.test/app")) << elsewhere;
    EXPECT_EQ(sent(requests()[0], "Authorization"), "Basic Y2k6czNjcmV0");
    EXPECT_EQ(sent(requests()[1], "Authorization"), "-") << elsewhere;
  }
}

TEST_F(IndexFetch, does_not_follow_where_it_should_not_go) {
  for (const char* location : {"http://charts.test/x", "https://169.254.169.254/x", "https://10.0.0.1/x",
                               "https://u:p@charts.test/x", "ftp://charts.test/x", ""}) {
    transport.script.requests.clear();
    answer = [&](const Request&) { return Response{302, {{"location", location}}, ""}; };
    EXPECT_EQ(failure().code, HW_UNAVAILABLE) << location;
    EXPECT_LE(requests().size(), 6u);  // an empty one leads to itself
  }
}

TEST_F(IndexFetch, tells_what_each_answer_means) {
  const auto code = [&](int status) {
    answer = [=](const Request&) { return Response{status, {{"Retry-After", "7"}}, "secret body"}; };
    const auto told = failure("https://charts.test/stable?sig=s3cret/app");
    EXPECT_THAT(told.message, HasSubstr("https://charts.test/stable answered " + std::to_string(status)));
    EXPECT_THAT(told.message, Not(HasSubstr("s3cret")));
    EXPECT_THAT(told.message, Not(HasSubstr("secret body")));
    return std::pair(told.code, told.retry_after_ms);
  };
  EXPECT_EQ(code(404), std::pair(hw_status{HW_NOT_FOUND}, std::int64_t{0}));
  EXPECT_EQ(code(410).first, HW_NOT_FOUND);
  EXPECT_EQ(code(401).first, HW_DENIED);
  EXPECT_EQ(code(403).first, HW_DENIED);
  EXPECT_EQ(code(429), std::pair(hw_status{HW_THROTTLED}, std::int64_t{7000}));
  EXPECT_EQ(code(503), std::pair(hw_status{HW_UNAVAILABLE}, std::int64_t{7000}));
  EXPECT_EQ(code(400).first, HW_INVALID);
  EXPECT_EQ(code(206).first, HW_INVALID);
}

TEST_F(IndexFetch, takes_no_half_of_an_index) {
  transport.breaks_off = true;
  const auto told = failure();
  EXPECT_EQ(told.code, HW_UNAVAILABLE);
  EXPECT_EQ(told.message, "the index.yaml of https://charts.test/stable did not arrive");
}

TEST_F(IndexFetch, says_what_is_wrong_with_an_index) {
  answer = [](const Request&) { return Response{200, {}, "<html>Sign in</html>"}; };
  const auto told = failure();
  EXPECT_EQ(told.code, HW_INVALID);
  EXPECT_THAT(told.message, HasSubstr("the index.yaml of https://charts.test/stable is no map"));
}

TEST_F(IndexFetch, notes_what_was_left_out) {
  answer = [](const Request&) { return Response{200, {}, index_of({"version: 1.0.0", "version: x"})}; };
  ASSERT_TRUE(fetch());
  EXPECT_EQ(transport.left_out, 1u);
}

}  // namespace
}  // namespace headwind::registries::helm
