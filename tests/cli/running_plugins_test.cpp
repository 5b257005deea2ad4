// SPDX-License-Identifier: Apache-2.0
// `headwind plugin list --api`, against a server that answers as the API's document says.
#include <gmock/gmock.h>

#include <string>

#include "cli/program.hpp"
#include "cli/serving.hpp"

namespace headwind::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* answer =
    R"({"plugins":[{"file":"/p/semver.so","id":"headwind.policy.semver","version":"0.2.0","kind":"policy","state":"loaded"},
                   {"file":"/p/bad.so","state":"refused","reason":"bad.so is empty; copy it again"}],
        "instances":[{"name":"ops","plugin":"headwind.notifier.slack","kind":"notifier","state":"resting","calls":7,"inFlight":0,
                      "errors":{"unavailable":2,"denied":1},"since":"2025-11-06T10:30:00Z",
                      "lastError":{"message":"ops: send: no","at":"2025-11-06T10:31:00Z"}}]})";

TEST(PluginListApi, shows_what_a_running_headwind_has_loaded) {
  const Serving api([](const net::ServerRequest& request) {
    if (request.path != "/api/v1/plugins") return json_answer("{}", 404);
    const bool known = net::find_header(request.headers, "Authorization") == "Bearer t0p";
    return known ? json_answer(answer) : json_answer("{}", 401);
  });
  const Finished table = headwind({"plugin", "list", "--api", api.url() + "/"}, {}, {"HEADWIND_TOKEN=t0p"});
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_THAT(table.out,
              AllOf(HasSubstr("FILE          NAME                    VERSION  KIND    STATE    REASON\n"),
                    HasSubstr("/p/bad.so     -                       -        -       refused  bad.so is empty"),
                    HasSubstr("INSTANCE  PLUGIN                   STATE    CALLS  ERRORS  REASON\n"
                              "ops       headwind.notifier.slack  resting  7      3       last error: ops: "
                              "send: no\n")));
  const Finished json = headwind({"plugin", "list", "--json", "--api", api.url()}, {}, {"HEADWIND_TOKEN=t0p"});
  EXPECT_THAT(json.out, HasSubstr("\"inFlight\": 0"));
  const Finished stranger = headwind({"plugin", "list", "--api", api.url()});
  EXPECT_EQ(stranger.code, 1);
  EXPECT_THAT(stranger.err, HasSubstr("HTTP status 401: give a token in HEADWIND_TOKEN"));
  const Finished elsewhere = headwind({"plugin", "list", "--api", api.url() + "/other"});
  EXPECT_THAT(elsewhere.err, HasSubstr("is --api the address of port 8081"));
}

TEST(PluginListApi, a_token_goes_nowhere_in_the_clear_and_mistakes_are_told) {
  const Finished clear =
      headwind({"plugin", "list", "--api", "http://headwind.example.com"}, {}, {"HEADWIND_TOKEN=hunter2"});
  EXPECT_EQ(clear.code, 2);
  EXPECT_THAT(clear.err, AllOf(HasSubstr("is not sent over http to another machine"), Not(HasSubstr("hunter2"))));
  for (const char* trick :
       {"http://localhost.example.com", "http://127.0.0.1:80@example.com", "http://localhost@x.com"})
    EXPECT_EQ(headwind({"plugin", "list", "--api", trick}, {}, {"HEADWIND_TOKEN=hunter2"}).code, 2) << trick;
  EXPECT_EQ(headwind({"plugin", "list", "--api", "localhost:8081"}).code, 2);
  const Finished nobody = headwind({"plugin", "list", "--api", "http://127.0.0.1:1"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_THAT(nobody.err, HasSubstr("127.0.0.1"));
}

}  // namespace
}  // namespace headwind::test
