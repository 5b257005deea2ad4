// SPDX-License-Identifier: Apache-2.0
// Replies that a plugin may want longer than the usual limit are handed over while they arrive, and not held as a
// whole.
#include <dlfcn.h>
#include <gmock/gmock.h>

#include <atomic>
#include <stdexcept>

#include "net/raw.hpp"
#include "world.hpp"

namespace headwind::plugin {
namespace {

using net::test::hear_all;
using net::test::hear_head;
using net::test::say;
using testing::HasSubstr;
using Socket = boost::asio::ip::tcp::socket;

constexpr std::size_t kWhole = 60U << 20U, kBlock = 64U << 10U;

class LongReply : public World {
 protected:
  LongReply() {
    options.directories = {built("reading")};
    options.grace = std::chrono::seconds(20);  // a busy machine is not a call that never returns
    start();
    module = dlopen((built("reading") / "long_registry.so").c_str(), RTLD_NOW | RTLD_NOLOAD);
    if (module == nullptr) throw std::runtime_error("long_registry.so is not loaded");
    held() = 0;
    read() = heads() = 0;
  }

  std::atomic<int>& held() const { return *static_cast<std::atomic<int>*>(dlsym(module, "long_held")); }
  std::atomic<std::size_t>& count(const char* name) const {
    return *static_cast<std::atomic<std::size_t>*>(dlsym(module, name));
  }
  std::atomic<std::size_t>& read() const { return count("long_read"); }
  std::atomic<std::size_t>& heads() const { return count("long_heads"); }

  // Answers with `head`, and `size` bytes of a body; `ended` once the other end has closed.
  void serve(std::string head, std::size_t size) {
    server.emplace(loop, [this, head, size](Socket& socket, int) -> Task<> {
      co_await hear_head(socket);
      co_await say(socket, head);
      for (std::size_t left = size; left > 0;) {
        const std::size_t wanted = std::min(left, kBlock);
        const std::size_t taken = co_await say(socket, std::string(wanted, 'x'));
        sent += taken;
        left -= wanted;
        if (taken < wanted) break;
      }
      if (stays) co_await hear_all(socket);
      ended = true;
    });
  }
  static std::string ok(std::size_t size) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
  }
  void begin(const std::string& tag = "index", Deadlines deadlines = {}) {
    const std::string endpoint = "http://127.0.0.1:" + std::to_string(server->port());
    const Result<> made =
        create("long", "test.registry.long", R"({"endpoint":")" + endpoint + "\"}", {}, std::move(deadlines));
    ASSERT_TRUE(made) << made.error().message;
    boost::asio::co_spawn(loop, host->registries().front().resolve("docker.io/library/nginx", tag),
                          [this](std::exception_ptr, Result<std::string> found) { answer = std::move(found); });
  }
  Result<std::string> end() {
    turn([this] { return answer.has_value(); });
    return *answer;
  }
  Result<std::string> resolve(const std::string& tag = "index") {
    begin(tag);
    return end();
  }

  void* module = nullptr;
  std::optional<Result<std::string>> answer;
  std::size_t sent = 0;
  bool stays = true, ended = false;
  std::optional<net::test::RawServer> server;  // its scripts refer to the others
};

TEST_F(LongReply, APluginThatReadsSlowlyHoldsUpThePeerAndNotOurMemory) {
  serve(ok(kWhole), kWhole);
  held() = 1;
  begin();
  turn([&] { return read() > 0; });
  // What the two sockets between them hold is the system's, some MiB.
  for (std::size_t before = 0; before != sent;) {
    before = sent;
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
    turn([&] { return std::chrono::steady_clock::now() > until; });
  }
  EXPECT_LT(sent, kWhole / 2);
  EXPECT_LE(read(), kBlock);
  held() = 0;
  const Result<std::string> digest = end();
  ASSERT_TRUE(digest) << digest.error().message;
  EXPECT_EQ(read(), kWhole);
  EXPECT_EQ(heads(), 1U);
}

TEST_F(LongReply, InChunksIsReadToItsEndAndTheConnectionIsUsedAgain) {
  server.emplace(loop, [this](Socket& socket, int) -> Task<> {
    for (;;) {
      const std::string asked = co_await hear_head(socket);
      if (asked.empty()) break;
      co_await say(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    }
    ended = true;
  });
  ASSERT_TRUE(resolve());
  EXPECT_EQ(read(), 5U);
  ASSERT_TRUE(run(host->registries().front().resolve("docker.io/library/nginx", "again")));
  EXPECT_EQ(read(), 10U);
  EXPECT_EQ(server->connections(), 1);
}

TEST_F(LongReply, WithoutABodyHasAHead) {
  serve(ok(0), 0);
  ASSERT_TRUE(resolve());
  EXPECT_EQ(heads(), 1U);
}

TEST_F(LongReply, ThatBreaksOffIsAFailureAfterWhatWasHandedOver) {
  stays = false;
  serve(ok(kWhole), 1U << 20U);
  const Result<std::string> digest = resolve();
  ASSERT_FALSE(digest);
  EXPECT_EQ(digest.error().code, Code::unavailable);
  EXPECT_THAT(digest.error().message, HasSubstr("broke while reading the answer"));
  EXPECT_EQ(read(), 1U << 20U);
}

TEST_F(LongReply, BeyondWhatThePluginAllowsIsRefused) {
  serve("HTTP/1.1 200 OK\r\n\r\n", 70U << 20U);
  const Result<std::string> digest = resolve();
  ASSERT_FALSE(digest);
  EXPECT_EQ(digest.error().code, Code::invalid);
  EXPECT_THAT(digest.error().message, HasSubstr("larger than allowed"));
  EXPECT_LE(read(), 64U << 20U);
}

TEST_F(LongReply, ThatComesEncodedThoughNobodyAskedIsRefusedBeforeAnyOfIt) {
  serve("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n", 9);
  const Result<std::string> digest = resolve();
  ASSERT_FALSE(digest);
  EXPECT_THAT(digest.error().message, HasSubstr("comes encoded (gzip)"));
  EXPECT_EQ(read(), 0U);
}

TEST_F(LongReply, OfAnotherStatusIsAnAnswerAsEver) {
  serve("HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n", 9);
  EXPECT_EQ(resolve().error().code, Code::not_found);
  EXPECT_EQ(heads(), 1U);
}

TEST_F(LongReply, IsLeftWhereThePluginHasEnough) {
  serve(ok(kWhole), kWhole);
  const Result<std::string> digest = resolve("enough");
  ASSERT_TRUE(digest) << digest.error().message;
  EXPECT_LE(read(), kBlock);
  turn([&] { return ended; });
  EXPECT_LT(sent, kWhole);
}

TEST_F(LongReply, IsLeftWhereThePluginThrows) {
  serve(ok(kWhole), kWhole);
  ASSERT_FALSE(resolve("throw"));
  turn([&] { return ended; });
  EXPECT_LT(sent, kWhole);
}

TEST_F(LongReply, EndsAtTheCallsDeadlineWhoeverIsSlow) {
  serve(ok(kWhole), kWhole);
  held() = 1;
  begin("index", {{"resolve", std::chrono::milliseconds(2000)}});
  turn([&] { return read() > 0 || answer; });
  EXPECT_EQ(end().error().code, Code::cancelled);
  EXPECT_THAT(end().error().message, HasSubstr("the deadline passed while it read an HTTP answer"));
  turn([&] { return ended; });
  EXPECT_LT(sent, kWhole / 2);
}

TEST_F(LongReply, OutlivesNeitherItsHostNorTheLoop) {
  serve(ok(kWhole), kWhole);
  held() = 1;
  begin();
  turn([&] { return read() > 0; });
  run(host->shut_down(std::chrono::milliseconds(100)));
  EXPECT_EQ(end().error().code, Code::cancelled);
}

}  // namespace
}  // namespace headwind::plugin
