// SPDX-License-Identifier: Apache-2.0
#include "kube/reflector.hpp"

#include "net/raw.hpp"
#include "scripted.hpp"

namespace headwind::kube::test {
namespace {

using std::string;

string item(const string& name, const string& version, bool annotated = true) {
  return R"({"metadata":{"name":")" + name + R"(","resourceVersion":")" + version + R"(")" +
         (annotated ? R"(,"annotations":{"headwind.sh/policy":"minor"})" : "") + "}}";
}

string page(const string& version, const std::vector<string>& items, const string& token = {}) {
  string all;
  for (const string& one : items) all += (all.empty() ? "" : ",") + one;
  return R"({"metadata":{"resourceVersion":")" + version + R"(","continue":")" + token + R"("},"items":[)" + all + "]}";
}

string event(const string& type, const string& object) {
  return R"({"type":")" + type + R"(","object":)" + object + "}\n";
}

const string kGoneEvent = event("ERROR", R"({"kind":"Status","code":410,"reason":"Expired","message":"too old"})");

class ReflectorTest : public Scripted {
 protected:
  ~ReflectorTest() override { stop(); }

  std::deque<ServerResponse> lists, watches;  // the last watch, when all are used: one that stays open
  Recorder sink;
  std::unique_ptr<Reflector> reflector;
  bool ended = false;

  void start(ReflectorOptions options = {}) {
    respond = [this](const ServerRequest& request) {
      std::deque<ServerResponse>& script = request.query.find("watch=true") == string::npos ? lists : watches;
      if (script.empty()) return watch_of({}, true);
      ServerResponse response = script.front();
      script.pop_front();
      return response;
    };
    reflector = std::make_unique<Reflector>(client(), "/api/v1/configmaps", sink, options);
    spawn(executor(), "reflector", watch_end());
  }
  Task<> watch_end() {
    co_await reflector->run();
    ended = true;
  }
  void stop() {
    if (!reflector || ended) return;
    reflector->stop();
    EXPECT_TRUE(until([this] { return ended; })) << "run() does not end after stop()";
  }
  std::vector<string> queries() const {
    std::vector<string> result;
    for (const ServerRequest& request : requests) result.push_back(request.query);
    return result;
  }
  std::size_t count_lists() const {
    std::size_t count = 0;
    for (const ServerRequest& request : requests) count += request.query.find("watch=true") == string::npos ? 1 : 0;
    return count;
  }
};

TEST_F(ReflectorTest, ListsPageByPageThenWatchesFromThere) {
  lists = {answer(200, page("10", {item("a", "1"), item("b", "2")}, "more")),
           answer(200, page("10", {item("c", "3")}))};
  start({.page_size = 2, .label_selector = "app=x"});
  ASSERT_TRUE(until([this] { return requests.size() == 3; }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "upsert a b", "upsert c", "finished"}));
  EXPECT_EQ(queries()[0], "limit=2&labelSelector=app%3Dx");
  EXPECT_EQ(queries()[1], "limit=2&continue=more&labelSelector=app%3Dx");
  EXPECT_NE(queries()[2].find("allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds="), string::npos);
}

TEST_F(ReflectorTest, TheNextPageIsAskedForWhileThisOneIsRead) {
  lists = {answer(200, page("10", {item("a", "1")}, "more")), answer(200, page("10", {item("b", "2")}))};
  sink.busy = [this] { return requests.size() < 2; };  // it reads until the second page is asked for
  start({.page_size = 1});
  ASSERT_TRUE(until([this] { return sink.has("finished"); }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "upsert a", "upsert b", "finished"}));
}

TEST_F(ReflectorTest, APageThatWasForeseenWronglyIsGivenUp) {
  const string odd = R"({"metadata": {"resourceVersion":"10","continue":"right"},"items":[)" + item("a", "1") +
                     R"(],"kind":"L","metadata":{"continue":"wrong"}})";
  const ServerResponse last = answer(200, page("10", {item("b", "2")}));
  lists = {answer(200, odd), last, last};
  start({.page_size = 1, .aside = std::make_shared<Aside>()});
  ASSERT_TRUE(until([this] { return sink.has("finished"); }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "upsert a", "upsert b", "finished"}));
  EXPECT_NE(queries()[1].find("continue=wrong"), string::npos);
  EXPECT_NE(queries()[2].find("continue=right"), string::npos);
}

TEST_F(ReflectorTest, APageThatIsNotTakenEndsTheListThoughTheNextIsAskedFor) {
  lists = {answer(200, page("10", {item("a", "1")}, "more")), answer(200, page("10", {item("b", "2")})),
           answer(200, page("10", {item("a", "1"), item("b", "2")}))};
  sink.refusals = 1;
  sink.busy = [this] { return requests.size() < 2; };
  start({.page_size = 1});
  ASSERT_TRUE(until([this] { return sink.has("finished"); }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "upsert a", "lost", "started", "upsert a b", "finished"}));
}

TEST_F(ReflectorTest, TellsWhatOneReadBringsInOneCall) {
  lists = {answer(200, page("10", {}))};
  watches = {watch_of({event("ADDED", item("a", "11")) + event("MODIFIED", item("b", "12")) +
                           event("DELETED", item("c", "13")) + event("ADDED", item("d", "14")),
                       event("ADDED", item("e", "15"))},
                      true)};
  start();
  ASSERT_TRUE(until([this] { return sink.has("upsert e"); }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "finished", "upsert a b", "removed c", "upsert d", "upsert e"}));
}

TEST_F(ReflectorTest, GoesOnFromTheLastVersionWithoutAListWhenAWatchEnds) {
  lists = {answer(200, page("10", {}))};
  watches = {watch_of({event("ADDED", item("a", "11"))}), watch_of({event("ADDED", item("b", "12"))})};
  start();
  ASSERT_TRUE(until([this] { return requests.size() == 4; }));
  EXPECT_EQ(count_lists(), 1U);
  EXPECT_NE(queries()[2].find("resourceVersion=11&"), string::npos);
  EXPECT_NE(queries()[3].find("resourceVersion=12&"), string::npos);
  EXPECT_FALSE(sink.has("lost"));
}

TEST_F(ReflectorTest, TakesTheVersionOfABookmarkThatComesAlone) {
  lists = {answer(200, page("10", {}))};
  watches = {watch_of({event("BOOKMARK", R"({"metadata":{"resourceVersion":"99"}})")})};
  start();
  ASSERT_TRUE(until([this] { return requests.size() == 3; }));
  EXPECT_NE(queries()[2].find("resourceVersion=99&"), string::npos);
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "finished"}));
}

TEST_F(ReflectorTest, ListsAgainOn410AsAnAnswer) {
  lists = {answer(200, page("10", {item("a", "1")})), answer(200, page("20", {item("b", "2")}))};
  watches = {answer(410, status_body(410, "Expired", "too old resource version"))};
  start();
  ASSERT_TRUE(until([this] { return requests.size() == 4; }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "upsert a", "finished", "started", "upsert b", "finished"}));
  EXPECT_NE(queries()[3].find("resourceVersion=20&"), string::npos);
}

TEST_F(ReflectorTest, ListsAgainOn410AsAnEvent) {
  lists = {answer(200, page("10", {})), answer(200, page("20", {}))};
  watches = {watch_of({event("ADDED", item("a", "11")) + kGoneEvent})};
  start();
  ASSERT_TRUE(until([this] { return requests.size() == 4; }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "finished", "upsert a", "started", "finished"}));
}

TEST_F(ReflectorTest, BeginsTheListAgainWhenItsContinueTokenHasExpired) {
  lists = {answer(200, page("10", {item("a", "1")}, "stale")), answer(410, status_body(410, "Expired", "too old")),
           answer(200, page("20", {item("a", "1"), item("b", "2")}))};
  start();
  ASSERT_TRUE(until([this] { return sink.has("finished"); }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "upsert a", "started", "upsert a b", "finished"}));
  EXPECT_EQ(queries()[2], "limit=500");
}

TEST_F(ReflectorTest, AnAbsentKindIsNoEmptyList) {
  const ServerResponse absent = answer(404, status_body(404, "NotFound", "the server could not find it"));
  lists = {absent, absent, answer(200, page("20", {item("a", "1")}))};
  start();
  ASSERT_TRUE(until([this] { return sink.has("finished"); }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "lost", "started", "lost", "started", "upsert a", "finished"}));
}

TEST_F(ReflectorTest, WhatIsKnownStaysWhereAServerBeginsToAnswerWith404) {
  lists = {answer(200, page("10", {item("a", "1")})), answer(404, status_body(404, "NotFound", "not yet")),
           answer(404, status_body(404, "NotFound", "not yet")), answer(404, status_body(404, "NotFound", "not yet")),
           answer(200, page("20", {item("a", "1")}))};
  watches = {answer(410)};
  start();
  ASSERT_TRUE(until([this] { return count_lists() == 5; }));
  EXPECT_EQ(std::count(sink.told.begin(), sink.told.end(), "finished"), 1) << "nothing counts as gone";
}

TEST_F(ReflectorTest, WaitsBeforeItListsTwiceForNothing) {
  lists = {answer(200, page("10", {})), answer(200, page("10", {})), answer(200, page("10", {}))};
  watches = {answer(410), answer(410), answer(410)};
  start();
  ASSERT_TRUE(until([this] { return requests.size() == 4; }));
  io.poll();
  EXPECT_EQ(requests.size(), 4U) << "the second relist in a row waits";
  EXPECT_TRUE(until([this] { return requests.size() == 6; }));
}

TEST_F(ReflectorTest, ListsAgainAfterAnotherErrorEvent) {
  lists = {answer(200, page("10", {})), answer(200, page("20", {}))};
  watches = {watch_of({event("ERROR", R"({"kind":"Status","code":500,"message":"etcd went away"})")})};
  start();
  ASSERT_TRUE(until([this] { return count_lists() == 2; }));
  EXPECT_TRUE(sink.has("lost"));
  EXPECT_NE(sink.errors.at(0).message.find("etcd went away"), string::npos);
}

TEST_F(ReflectorTest, SaysWhyAListFailsAndTriesAgain) {
  lists = {answer(403, status_body(403, "Forbidden", "you may not list")), answer(200, "not a list"),
           answer(200, page("10", {}))};
  start();
  ASSERT_TRUE(until([this] { return sink.has("finished"); }));
  ASSERT_EQ(sink.errors.size(), 2U);
  EXPECT_EQ(sink.errors[0].code, Code::denied);
}

TEST_F(ReflectorTest, ResumesATruncatedWatchWithoutAList) {
  int watches_seen = 0;
  const net::test::RawServer::Script script = [&](net::test::Tcp::socket& socket, int) -> Task<> {
    const string head = co_await net::test::hear_head(socket);
    if (head.find("watch=true") == string::npos) {
      const string body = page("10", {});
      co_await net::test::say(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
                                          std::to_string(body.size()) + "\r\n\r\n" + body);
    } else {
      ++watches_seen;
      requests.push_back({"GET", "", head, {}, {}, {}});
      const string whole = event("ADDED", item(watches_seen == 1 ? "a" : "b", std::to_string(10 + watches_seen)));
      const string text = watches_seen == 1 ? whole + R"({"type":"ADDED","obj)" : whole;  // cut in the middle
      std::ostringstream size;
      size << std::hex << (text.size() + (watches_seen == 1 ? 50 : 0));
      co_await net::test::say(socket,
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size.str() + "\r\n" + text);
    }
    socket.close();
  };
  net::test::RawServer raw(io, script);
  Access access;
  access.server = net::test::at(raw.port(), "");
  reflector = std::make_unique<Reflector>(client(access), "/api/v1/configmaps", sink, ReflectorOptions{});
  spawn(executor(), "reflector", watch_end());
  ASSERT_TRUE(until([this] { return sink.has("upsert b"); }));
  EXPECT_EQ(std::count(sink.told.begin(), sink.told.end(), "started"), 1);
  EXPECT_NE(requests.at(1).query.find("resourceVersion=11&"), string::npos);
  EXPECT_TRUE(sink.has("lost"));
  stop();
}

TEST_F(ReflectorTest, TellsOfAnObjectThatLosesItsAnnotations) {
  lists = {answer(200, page("10", {item("a", "1"), item("plain", "2", false)}))};
  watches = {watch_of({event("ADDED", item("new", "11", false)) + event("MODIFIED", item("a", "12", false)) +
                       event("MODIFIED", item("plain", "13"))},
                      true)};
  start({.only_annotated = true});
  ASSERT_TRUE(until([this] { return sink.has("upsert plain"); }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "upsert a", "finished", "removed a", "upsert plain"}));
}

TEST_F(ReflectorTest, WhatItsReaderCannotTakeIsNotGone) {
  lists = {answer(200, page("10", {item("a", "1")})), answer(200, page("10", {item("a", "1")}))};
  sink.refusals = 1;
  start();
  ASSERT_TRUE(until([this] { return sink.has("finished"); }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "upsert a", "lost", "started", "upsert a", "finished"}));
}

TEST_F(ReflectorTest, ANewsThatItsReaderCannotTakeIsShownAgain) {
  lists = {answer(200, page("10", {item("a", "1")}))};
  watches = {watch_of({event("MODIFIED", item("a", "11"))}, true),
             watch_of({event("MODIFIED", item("a", "11"))}, true)};
  start();
  ASSERT_TRUE(until([this] { return sink.has("finished"); }));
  sink.refusals = 1;
  ASSERT_TRUE(until([this] { return requests.size() == 3 && sink.told.size() == 6; }));
  EXPECT_EQ(sink.told, (std::vector<string>{"started", "upsert a", "finished", "upsert a", "lost", "upsert a"}));
  EXPECT_NE(queries()[2].find("resourceVersion=10&"), string::npos) << "not from behind what was not taken";
}

TEST_F(ReflectorTest, StopsWhileItWaitsForAnAnswer) {
  respond = [](const ServerRequest&) { return watch_of({}, true); };  // the list never ends
  reflector = std::make_unique<Reflector>(client(), "/api/v1/configmaps", sink, ReflectorOptions{});
  spawn(executor(), "reflector", watch_end());
  ASSERT_TRUE(until([this] { return requests.size() == 1; }));
  stop();
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace headwind::kube::test
