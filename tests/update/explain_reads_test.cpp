// SPDX-License-Identifier: Apache-2.0
#include "update/explain_reads.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <stdexcept>
#include <vector>

#include "core/own_clock.hpp"
#include "update/signal.hpp"

namespace headwind::update {
namespace {

class ExplainReadsTest : public testing::Test {
 protected:
  using Answer = std::optional<Result<ExplainReads::Answer>>;

  static ExplainReads::Question list_of(const std::string& repository) { return {repository, ""}; }
  // Asks, and goes on as far as that goes without the registry; the answer comes into what is handed out.
  std::shared_ptr<Answer> ask(ExplainReads::Question question) {
    auto answer = std::make_shared<Answer>();
    const ExplainReads::Ask registry = [this] { return answers(); };
    boost::asio::co_spawn(loop, take(std::move(question), registry, answer), [](const std::exception_ptr&) {});
    go_on();
    return answer;
  }
  Task<> take(ExplainReads::Question question, ExplainReads::Ask registry, std::shared_ptr<Answer> into) {
    const Result<ExplainReads::Answer> answer = co_await reads.get(std::move(question), std::move(registry));
    into->emplace(answer);
  }
  Result<ExplainReads::Answer> answer_of(const ExplainReads::Question& question) {
    const auto answer = ask(question);
    if (!*answer) throw std::runtime_error("the registry has not answered");
    return **answer;
  }
  void go_on() {
    loop.restart();
    loop.poll();
  }
  // The registry stays silent until it is let go.
  void hold() { silence = std::make_unique<Signal>(loop.get_executor()); }
  void let_go() {
    silence->notify();
    go_on();
  }
  Task<Result<ExplainReads::Found>> answers() {
    ++asked;
    if (silence) co_await silence->wait();
    if (bug) throw std::runtime_error("planted");
    if (trouble) co_return *trouble;
    co_return ExplainReads::Found{std::make_shared<const std::vector<Candidate>>(1, Candidate{"1.0.0", {}})};
  }

  test::OwnClock clock;
  ExplainReads reads{clock};
  boost::asio::io_context loop{1};
  std::unique_ptr<Signal> silence;
  std::optional<Error> trouble;
  bool bug = false;
  std::size_t asked = 0;
};

TEST_F(ExplainReadsTest, who_asks_at_the_same_time_shares_one_question) {
  hold();
  std::vector<std::shared_ptr<Answer>> answers;
  for (int i = 0; i < 50; ++i) answers.push_back(ask(list_of("docker.io/library/nginx")));
  const auto of_another = ask({"docker.io/library/nginx", "somebody"});
  EXPECT_EQ(asked, 2U) << "one for each identity";
  let_go();
  for (const auto& answer : answers) {
    ASSERT_TRUE(*answer && **answer);
    EXPECT_EQ((**answer)->found->list->front().tag, "1.0.0");
    EXPECT_FALSE((**answer)->remembered) << "it is what the registry says now";
  }
  EXPECT_TRUE(*of_another);
  EXPECT_EQ(asked, 2U);
}

TEST_F(ExplainReadsTest, a_failure_is_remembered_for_fifteen_seconds_and_an_answer_for_a_minute) {
  const auto question = list_of("docker.io/library/nginx");
  trouble = make_error(Code::unavailable, "docker.io does not answer");
  EXPECT_FALSE(answer_of(question)->found);
  const std::int64_t failed_ms = clock.unix_ms();
  trouble.reset();
  clock.now += 14'999;
  const auto again = answer_of(question);
  ASSERT_FALSE(again->found);
  EXPECT_EQ(again->found.error().message, "docker.io does not answer");
  EXPECT_TRUE(again->remembered);
  EXPECT_EQ(again->at_ms, failed_ms);
  EXPECT_EQ(asked, 1U);
  clock.now += 1;
  EXPECT_TRUE(answer_of(question)->found);
  EXPECT_EQ(asked, 2U);
  clock.now += 59'999;
  EXPECT_TRUE(answer_of(question)->remembered);
  EXPECT_EQ(asked, 2U);
  clock.now += 1;
  EXPECT_FALSE(answer_of(question)->remembered);
  EXPECT_EQ(asked, 3U);
}

TEST_F(ExplainReadsTest, so_many_questions_may_be_under_way_and_no_more) {
  hold();
  const auto name = [](const char* host, std::size_t i) { return std::string(host) + "/app-" + std::to_string(i); };
  for (std::size_t i = 0; i < ExplainReads::most_of_host; ++i) ask(list_of(name("one.example", i)));
  const auto refused = answer_of(list_of("one.example/another"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::throttled);
  EXPECT_GT(refused.error().retry_after.count(), 0);
  const auto shared = ask(list_of(name("one.example", 0)));
  EXPECT_FALSE(*shared) << "it waits with those who asked before";
  for (std::size_t i = 0; i + ExplainReads::most_of_host < ExplainReads::most_under_way; ++i)
    ask(list_of(name("two.example", i)));
  EXPECT_EQ(asked, ExplainReads::most_under_way);
  EXPECT_EQ(answer_of(list_of("three.example/app")).error().code, Code::throttled);
  EXPECT_EQ(asked, ExplainReads::most_under_way) << "the registry hears nothing of those who are refused";
  let_go();
  EXPECT_TRUE(*shared && **shared);
  EXPECT_TRUE(answer_of(list_of("one.example/another")));
}

TEST_F(ExplainReadsTest, a_bug_leaves_nobody_waiting) {
  hold();
  bug = true;
  const auto first = ask(list_of("docker.io/library/nginx")), second = ask(list_of("docker.io/library/nginx"));
  let_go();
  ASSERT_TRUE(*second);
  EXPECT_EQ((**second).error().code, Code::internal);
  bug = false;
  EXPECT_TRUE(answer_of(list_of("docker.io/library/nginx"))) << "it may be asked again";
}

TEST_F(ExplainReadsTest, the_oldest_make_room) {
  for (std::size_t i = 0; i <= ExplainReads::most_lists; ++i, ++clock.now)
    EXPECT_TRUE(answer_of(list_of("docker.io/library/app-" + std::to_string(i))));
  EXPECT_TRUE(answer_of(list_of("docker.io/library/app-1"))->remembered);
  EXPECT_FALSE(answer_of(list_of("docker.io/library/app-0"))->remembered);
}

}  // namespace
}  // namespace headwind::update
