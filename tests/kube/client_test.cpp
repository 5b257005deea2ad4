// SPDX-License-Identifier: Apache-2.0
#include "kube/config_map.hpp"
#include "net/raw.hpp"
#include "scripted.hpp"
#include "telemetry/span.hpp"

namespace headwind::kube::test {
namespace {

using std::string;
using ClientTest = Scripted;
constexpr const char* kPath = "/apis/apps/v1/namespaces/shop/deployments/web";

TEST_F(ClientTest, SendsAnAuthorizationAndGivesTheBody) {
  answers = {answer(200, R"({"kind":"Deployment"})")};
  Access access;
  access.server = url();
  access.authorization = []() -> Task<Result<string>> { co_return string("Bearer t"); };
  EXPECT_EQ(*run(client(access)->get(kPath)), R"({"kind":"Deployment"})");
  EXPECT_EQ(net::find_header(requests.at(0).headers, "Authorization"), "Bearer t");
  EXPECT_EQ(requests.at(0).path, kPath);
}

TEST_F(ClientTest, NamesEachPatchByItsContentType) {
  answers = {answer(200)};
  const auto c = client();
  ASSERT_TRUE(run(c->json_patch(kPath, "[]")));
  ASSERT_TRUE(run(c->merge_patch(kPath, "{}")));
  ASSERT_TRUE(run(c->create("/api/v1/namespaces/shop/configmaps", "{}")));
  ASSERT_TRUE(run(c->remove(kPath)));
  const std::vector<string> expected{"application/json-patch+json", "application/merge-patch+json", "application/json",
                                     ""};
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(net::find_header(requests.at(i).headers, "Content-Type"), expected[i]);
  EXPECT_EQ(requests.at(3).method, "DELETE");
}

TEST_F(ClientTest, TellsTheServerOfWhichTraceItIsAPart) {
  answers = {answer(429, status_body(429, "TooManyRequests", "slow"), {{"Retry-After", "1"}}), answer(200)};
  const string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto c = client();
  bool done = false;
  const auto work = [&]() -> Task<> {
    const telemetry::Span span("apply", {.parent = parent + " vendor=theirs"});
    const auto patched = co_await c->json_patch(kPath, "[]");
    EXPECT_TRUE(patched) << patched.error().message;
    done = true;
  };
  spawn(executor(), "test", work());
  ASSERT_TRUE(until([&] { return done; }));
  ASSERT_TRUE(run(c->get(kPath)));
  ASSERT_EQ(requests.size(), 3U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(net::find_header(requests[i].headers, "traceparent"), parent);
    EXPECT_EQ(net::find_header(requests[i].headers, "tracestate"), "vendor=theirs");
  }
  EXPECT_EQ(net::find_header(requests[2].headers, "traceparent"), "") << "of no work";
}

TEST_F(ClientTest, KeepsItsOwnKeyWhereSomebodyElseMadeTheStoreMeanwhile) {
  answers = {answer(404, status_body(404, "NotFound", "none")), answer(409, status_body(409, "AlreadyExists", "taken")),
             answer(200, R"({"metadata":{"name":"state","namespace":"shop"},"data":{"theirs":"1","ours":"2"}})")};
  const auto kept = run(keep_in_config_map(client(), "shop", "state", {{"ours", "2"}}));
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(kept->data.at("theirs"), "1");
  EXPECT_EQ(requests.at(2).method, "PATCH");
}

TEST_F(ClientTest, MapsEveryStatusToACode) {
  const string causes = R"({"causes":[{"field":"spec.replicas","message":"must be positive"}]})";
  const struct {
    unsigned status;
    string body;
    Code code;
  } cases[] = {{400, status_body(400, "BadRequest", "what?"), Code::invalid},
               {401, status_body(401, "Unauthorized", "who?"), Code::unavailable},
               {403, status_body(403, "Forbidden", "admission webhook denied the request: no"), Code::denied},
               {404, status_body(404, "NotFound", "not there"), Code::not_found},
               {405, status_body(405, "MethodNotAllowed", "not so"), Code::invalid},
               {409, status_body(409, "Conflict", "changed"), Code::conflict},
               {409, status_body(409, "AlreadyExists", "taken"), Code::conflict},
               {410, status_body(410, "Expired", "too old"), Code::not_found},
               {422, status_body(422, "Invalid", "spec.replicas: must be positive", causes), Code::invalid},
               {422, status_body(422, "Invalid", "the server rejected our request"), Code::conflict},
               {500, status_body(500, "InternalError", "etcd"), Code::unavailable},
               {503, "not json at all", Code::unavailable}};
  const auto c = client();
  for (const auto& [status, body, code] : cases) {
    answers = {answer(status, body)};
    const auto result = run(c->json_patch(kPath, "[]"));
    ASSERT_FALSE(result) << status;
    EXPECT_EQ(result.error().code, code) << status << ": " << result.error().message;
  }
}

TEST_F(ClientTest, ShowsTheServersWordsVerbatim) {
  answers = {answer(403, status_body(403, "Forbidden", "admission webhook \\\"v\\\" denied the request: no latest"))};
  const auto result = run(client()->json_patch(string(kPath) + "?dryRun=All", "[]"));
  EXPECT_NE(result.error().message.find(R"(admission webhook "v" denied the request: no latest)"), string::npos);
  EXPECT_NE(result.error().message.find("403 to PATCH " + string(kPath) + ")"), string::npos) << result.error().message;
}

TEST_F(ClientTest, WaitsForRetryAfterAndSendsAWriteAgain) {
  answers = {answer(429, status_body(429, "TooManyRequests", "slow"), {{"Retry-After", "1"}}),
             answer(201, "{\"ok\":1}")};
  EXPECT_EQ(*run(client()->create("/api/v1/namespaces/shop/configmaps", "{}")), "{\"ok\":1}");
  EXPECT_EQ(requests.size(), 2U);
}

TEST_F(ClientTest, GivesUpAfterThreeMore429) {
  answers = {answer(429, status_body(429, "TooManyRequests", "slow", R"({"retryAfterSeconds":1})"))};
  const auto result = run(client()->get(kPath));
  EXPECT_EQ(result.error().code, Code::throttled);
  EXPECT_EQ(result.error().retry_after, std::chrono::seconds(1));
  EXPECT_EQ(requests.size(), 4U);
}

TEST_F(ClientTest, LeavesALongRetryAfterToItsCaller) {
  answers = {answer(429, "{}", {{"Retry-After", "120"}})};
  const auto result = run(client()->get(kPath));
  EXPECT_EQ(result.error().retry_after, std::chrono::minutes(2));
  EXPECT_EQ(requests.size(), 1U);
}

TEST_F(ClientTest, RetriesReadsOnServerErrors) {
  answers = {answer(500), answer(503), answer(200, "{\"a\":1}")};
  EXPECT_EQ(*run(client()->get(kPath)), "{\"a\":1}");
  EXPECT_EQ(requests.size(), 3U);
}

TEST_F(ClientTest, NeverRepeatsAWriteOnDoubt) {
  answers = {answer(504, status_body(504, "Timeout", "lost"))};
  EXPECT_EQ(run(client()->create("/api/v1/namespaces/shop/configmaps", "{}")).error().code, Code::unavailable);
  EXPECT_EQ(requests.size(), 1U);
}

TEST_F(ClientTest, RetriesReadsWhoseConnectionIsResetAndNotWrites) {
  const net::test::RawServer::Script script = [](net::test::Tcp::socket& socket, int number) -> Task<> {
    const string head = co_await net::test::hear_head(socket);
    if (number > 2 && head.starts_with("GET"))
      co_await net::test::say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    socket.set_option(boost::asio::socket_base::linger(number <= 2, 0));  // the first two: a reset
    socket.close();
  };
  net::test::RawServer raw(io, script);
  Access access;
  access.server = net::test::at(raw.port(), "");
  const auto c = client(access);
  EXPECT_EQ(run(c->create("/api/v1/namespaces/shop/configmaps", "{}")).error().code, Code::unavailable);
  EXPECT_EQ(raw.connections(), 1);
  EXPECT_TRUE(run(c->get(kPath)));
  EXPECT_GE(raw.connections(), 3);
}

TEST_F(ClientTest, AsksForANewCredentialOnceAfter401) {
  int generation = 0;
  respond = [](const ServerRequest& request) {
    return net::find_header(request.headers, "Authorization") == "Bearer 1"
               ? answer(200)
               : answer(401, status_body(401, "Unauthorized", "no"));
  };
  Access access;
  access.server = url();
  access.authorization = [&]() -> Task<Result<string>> { co_return "Bearer " + std::to_string(generation); };
  access.unauthorized = [&] { ++generation; };
  const auto c = client(access);
  EXPECT_TRUE(run(c->json_patch(kPath, "[]"))) << "a 401 was not executed, so a write may be sent again";
  generation = 7;
  EXPECT_EQ(run(c->get(kPath)).error().code, Code::unavailable);
  EXPECT_EQ(generation, 8) << "asked once, not for ever";
}

TEST_F(ClientTest, TroubleOfOurOwnIsNoAnswerAboutTheObject) {
  answers = {answer(200)};
  Access access;
  access.server = url();
  access.authorization = []() -> Task<Result<string>> {
    co_return make_error(Code::denied, "the credential plugin ended with exit code 1");
  };
  const auto refused = run(client(access)->json_patch(kPath, "[]"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unavailable);
  EXPECT_TRUE(refused.error().retryable);
  EXPECT_NE(refused.error().message.find("credential plugin"), string::npos);
  EXPECT_TRUE(requests.empty());
}

TEST_F(ClientTest, CountsRequestsByVerbResourceAndCode) {
  answers = {answer(404, status_body(404, "NotFound", "no"))};
  const auto c = client();
  static_cast<void>(run(c->get(kPath)));
  static_cast<void>(run(c->get("/apis/headwind.sh/v1alpha1/updaterequests?limit=5")));
  static_cast<void>(run(c->merge_patch("/apis/headwind.sh/v1alpha1/namespaces/a/updaterequests/b/status", "{}")));
  const string text = metrics.text();
  for (const char* line :
       {R"(headwind_kube_requests_total{code="404",resource="deployments",verb="get"} 1)",
        R"(headwind_kube_requests_total{code="404",resource="updaterequests",verb="list"} 1)",
        R"(headwind_kube_requests_total{code="404",resource="updaterequests/status",verb="patch"} 1)"})
    EXPECT_NE(text.find(line), string::npos) << text;
}

TEST_F(ClientTest, GivesWatchLinesWholeWhateverThePieces) {
  answers = {watch_of({"{\"a\":", "1}\n{\"b\":2}\n{\"c\"", ":3", "}\n"})};
  std::vector<string> lines;
  const auto result = run(client()->watch(
      "/api/v1/configmaps?watch=true",
      [&](std::string_view line) {
        lines.emplace_back(line);
        return true;
      },
      std::chrono::seconds(30)));
  EXPECT_TRUE(result);
  EXPECT_EQ(lines, (std::vector<string>{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"}));
}

TEST_F(ClientTest, EndsAWatchWhereItsReaderWantsNoMore) {
  answers = {watch_of({"{\"a\":1}\n{\"b\":2}\n"}, true)};
  int lines = 0;
  EXPECT_TRUE(run(client()->watch(
      "/api/v1/configmaps?watch=true", [&](std::string_view) { return ++lines < 1; }, std::chrono::seconds(30))));
  EXPECT_EQ(lines, 1);
}

}  // namespace
}  // namespace headwind::kube::test
