// SPDX-License-Identifier: Apache-2.0
// A tag that moves, and mirrors that hear of it late: what was told once is not taken back by who had not heard of it.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "plugins_registries/scripted_transport.hpp"
#include "registries/core/client.hpp"

namespace headwind::registries {
namespace {

std::string digest(char c) { return "sha256:" + std::string(64, c); }

class LaggingMirror : public ::testing::Test {
 protected:
  // What the place answers about every tag: a digest, or a status.
  struct Place {
    char names = 0;
    int status = 503;
  };

  Outcome<Response> answer(const Request& request) {
    const auto place = places.find(request.url.substr(0, request.url.find("/v2/")));
    if (place == places.end()) return Failure{HW_UNAVAILABLE, "refused", 0};
    if (place->second.names == 0) return Response{place->second.status, {{"Retry-After", "7"}}, ""};
    return Response{200, {{"Docker-Content-Digest", digest(place->second.names)}}, ""};
  }
  // The letter of the digest that is told, or 0.
  char told(const std::string& tag = "latest") {
    transport.requests.clear();
    const auto found = client.resolve(*parse_repository("r.test/org/app"), tag, transport);
    failure = found ? Failure{HW_OK, "", 0} : found.failure();
    return found ? found->digest.back() : '\0';
  }
  // The registry moves the tag from a to b, and tells so, while the mirror is away.
  void miss_a_move() {
    mirror.names = registry.names = 'a';
    told();
    mirror.names = 0;
    registry.names = 'b';
    told();
  }
  std::vector<std::string> asked() const {
    std::vector<std::string> out;
    for (const auto& request : transport.requests) out.push_back(request.url.substr(8, request.url.find('.') - 8));
    return out;
  }

  std::map<std::string, Place> places;
  Place& mirror = places["https://one.test"];
  Place& other = places["https://two.test"];
  Place& registry = places["https://r.test"];
  Failure failure;
  ScriptedTransport transport{[this](const Request& request) { return answer(request); }};
  Client client{*Settings::parse(R"({"hosts":{"r.test":{"mirrors":["https://one.test","https://two.test"]}}})")};
  using Places = std::vector<std::string>;
};

TEST_F(LaggingMirror, does_not_take_back_what_the_registry_told_while_it_was_away) {
  mirror.names = registry.names = 'a';
  EXPECT_EQ(told(), 'a');
  mirror.names = 0;
  registry.names = 'b';
  EXPECT_EQ(told(), 'b');
  mirror.names = 'a';
  for (int i = 0; i < 3; ++i) EXPECT_EQ(told(), 'b');
  EXPECT_EQ(asked(), (Places{"one", "two", "r"}));
}

TEST_F(LaggingMirror, is_believed_again_when_it_has_caught_up) {
  miss_a_move();
  mirror.names = 'a';
  told();
  mirror.names = 'b';
  EXPECT_EQ(told(), 'b');
  EXPECT_EQ(asked(), Places{"one"});
  mirror.names = registry.names = 'c';
  EXPECT_EQ(told(), 'c');
  EXPECT_EQ(asked(), Places{"one"});
}

TEST_F(LaggingMirror, that_moved_on_is_believed_at_once) {
  miss_a_move();
  mirror.names = 'c';
  EXPECT_EQ(told(), 'c');
  EXPECT_EQ(asked(), Places{"one"});
}

TEST_F(LaggingMirror, is_no_publisher_that_moves_a_tag_back) {
  for (const char name : {'a', 'b', 'a', 'b'}) {
    mirror.names = name;
    EXPECT_EQ(told(), name);
    EXPECT_EQ(asked(), Places{"one"});
  }
  mirror.names = 0;
  for (const char name : {'a', 'c', 'a'}) {
    registry.names = name;
    EXPECT_EQ(told(), name) << "the registry is always believed";
  }
}

TEST_F(LaggingMirror, that_was_never_heard_leaves_it_to_the_registry) {
  other.names = 'b';
  EXPECT_EQ(told(), 'b');
  mirror.names = registry.names = 'c';
  EXPECT_EQ(told(), 'c');
  EXPECT_EQ(asked(), (Places{"one", "r"})) << "that another mirror says what it said before tells nothing";
  EXPECT_EQ(told(), 'c');
  EXPECT_EQ(asked(), Places{"one"});
}

TEST_F(LaggingMirror, may_be_put_right_by_another_mirror) {
  other.names = 'a';
  told();
  mirror.names = 'a';
  told();
  mirror.names = 0;
  other.names = 'b';
  EXPECT_EQ(told(), 'b') << "it moved on";
  mirror.names = 'a';
  EXPECT_EQ(told(), 'b');
  EXPECT_EQ(asked(), (Places{"one", "two"})) << "the registry need not be there";
}

TEST_F(LaggingMirror, that_nobody_puts_right_is_a_failure_that_names_it) {
  miss_a_move();
  mirror.names = 'a';
  registry.names = 0;
  EXPECT_EQ(told(), 0);
  EXPECT_EQ(failure.code, HW_CONFLICT);
  EXPECT_EQ(failure.retry_after_ms, 7000);
  EXPECT_EQ(failure.message,
            "mirror one.test of registry r.test still seems to name an older digest of r.test/org/app:latest than the "
            "last one told, and no other place answers (registry r.test answered 503 for r.test/org/app:latest): let "
            "the mirror catch up, or take it out of registries.r.test.mirrors");
  mirror.names = 'c';
  EXPECT_EQ(told(), 'c') << "it moved on";
}

TEST_F(LaggingMirror, that_was_never_heard_and_contradicts_is_a_failure_where_the_registry_is_away) {
  registry.names = 'b';
  told();
  mirror.names = 'c';
  registry.names = 0;
  EXPECT_EQ(told(), 0);
  EXPECT_EQ(failure.code, HW_CONFLICT);
  EXPECT_NE(failure.message.find("mirror one.test of registry r.test still seems"), std::string::npos)
      << failure.message;
}

TEST_F(LaggingMirror, does_not_hide_what_the_registry_says_instead_of_a_digest) {
  miss_a_move();
  mirror.names = 'a';
  registry.names = 0;
  for (const auto& [status, code] :
       std::vector<std::pair<int, hw_status>>{{404, HW_NOT_FOUND}, {403, HW_DENIED}, {401, HW_DENIED}}) {
    registry.status = status;
    EXPECT_EQ(told(), 0);
    EXPECT_EQ(failure.code, code) << status;
    EXPECT_EQ(failure.message.find("one.test"), std::string::npos);
  }
}

TEST_F(LaggingMirror, that_the_registry_asks_to_wait_for_is_no_trouble_of_the_host) {
  miss_a_move();
  mirror.names = 'a';
  registry.names = 0;
  registry.status = 429;
  EXPECT_EQ(told(), 0);
  EXPECT_EQ(failure.code, HW_CONFLICT);
}

TEST_F(LaggingMirror, is_judged_for_each_tag_by_itself_whoever_asks) {
  const auto pull = [&](const char* who) { transport.pull = Credential{who, who, "p", "", ""}; };
  pull("x");
  miss_a_move();
  mirror.names = 'a';
  EXPECT_EQ(told("1.0"), 'a');
  pull("rotated");
  EXPECT_EQ(told(), 'b');
}

TEST_F(LaggingMirror, tells_names_in_its_list_and_no_digests) {
  const std::string list = R"({"manifest":{")" + digest('a') +
                           R"(":{"timeUploadedMs":"1700000000000","tag":["1.0"]}},"name":"app","tags":["1.0"]})";
  for (const std::string& away : {"", "https://one.test"}) {
    ScriptedTransport lists([&](const Request& request) -> Outcome<Response> {
      if (!away.empty() && !request.url.starts_with("https://r.test/")) return Response{503, {}, ""};
      return Response{200, {}, list};
    });
    std::vector<TagRows> rows;
    const auto count = client.list_rows(*parse_repository("r.test/org/app"), lists, [&](const TagRows& page) {
      rows.push_back(page);
      return HW_OK;
    });
    ASSERT_TRUE(count) << count.failure().message;
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].names, Places{"1.0"});
    EXPECT_EQ(rows[0].pushed_ms, std::vector<std::int64_t>{1700000000000});
    EXPECT_EQ(rows[0].digests, away.empty() ? Places{} : Places{digest('a')});
  }
}

using Verdict = TagMemory::Verdict;

TEST(TagMemory, keeps_to_its_bound_and_forgets_what_was_asked_least_recently) {
  TagMemory memory(2);
  const auto move = [&](const std::string& tag) {
    memory.named(tag, 0, true, "old");
    memory.named(tag, 1, false, "new");
  };
  move("a");
  move("b");
  EXPECT_EQ(memory.named("a", 0, true, "old"), Verdict::behind);
  move("c");
  EXPECT_EQ(memory.size(), 2u);
  EXPECT_EQ(memory.named("a", 0, true, "old"), Verdict::behind);
  EXPECT_EQ(memory.named("b", 0, true, "old"), Verdict::stands) << "nothing is known of it any more";
  EXPECT_EQ(memory.size(), 2u);
  TagMemory usual;
  for (int i = 0; i < 20'000; ++i) usual.named(std::to_string(i), 0, true, "x");
  EXPECT_EQ(usual.size(), 16'384u);
}

TEST(TagMemory, is_safe_from_several_threads) {
  TagMemory memory(8);
  std::atomic<int> odd{0};
  std::vector<std::thread> threads;
  for (std::size_t place = 0; place < 4; ++place)
    threads.emplace_back([&, place] {
      for (int i = 0; i < 2000; ++i)
        if (memory.named(std::to_string(i % 16), place, place < 3, std::to_string(i)) != Verdict::stands && place == 3)
          ++odd;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(odd, 0) << "the registry is always believed";
  EXPECT_LE(memory.size(), 8u);
}

}  // namespace
}  // namespace headwind::registries
