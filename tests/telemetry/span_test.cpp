// SPDX-License-Identifier: Apache-2.0
// Spans of coroutines that take turns on one thread, and what the queue does with them.
#include "telemetry/span.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <thread>

#include "telemetry/log.hpp"
#include "telemetry/tracer.hpp"

namespace headwind::telemetry {
namespace {

const std::string kSample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const std::string kNotSampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

class Spans : public testing::Test {
 protected:
  void use(TracerOptions options) {
    own_ = std::make_shared<Tracer>(options, metrics_);
    set_tracer(own_);
  }
  void SetUp() override { use({}); }
  void TearDown() override { set_tracer(nullptr); }

  void run(Task<> work) {
    spawn(loop_.get_executor(), "test", std::move(work));
    loop_.run();
    loop_.restart();
  }
  std::map<std::string, SpanRecord> ended() {
    std::map<std::string, SpanRecord> all;
    for (SpanRecord& span : own_->batch()) all.emplace(span.name, std::move(span));
    return all;
  }

  Metrics metrics_;
  std::shared_ptr<Tracer> own_;
  boost::asio::io_context loop_{1};
};

Task<> turn() { co_await boost::asio::post(boost::asio::use_awaitable); }

TEST_F(Spans, BelongToTheCoroutineThatTheyBeganInWhoeverRunsBetween) {
  const auto work = [this](std::string name) -> Task<> {
    const Span outer(name);
    for (int i = 0; i < 3; ++i) {
      co_await turn();
      const Span inner(name + "/" + std::to_string(i));
      co_await sleep_for(std::chrono::milliseconds(1));  // a timer of the coroutine's own executor
      boost::asio::steady_timer timer(loop_.get_executor(), std::chrono::milliseconds(1));  // and of another one
      co_await timer.async_wait(boost::asio::use_awaitable);
      EXPECT_EQ(Current::text(), inner.text());
    }
    EXPECT_EQ(Current::text(), outer.text());
  };
  for (const char* name : {"a", "b", "c"}) spawn(loop_.get_executor(), "test", work(name));
  loop_.run();
  const auto spans = ended();
  ASSERT_EQ(spans.size(), 12U);
  for (const std::string name : {"a", "b", "c"}) {
    EXPECT_EQ(spans.at(name).parent_id, "");
    for (int i = 0; i < 3; ++i) {
      const SpanRecord& inner = spans.at(name + "/" + std::to_string(i));
      EXPECT_EQ(inner.context.trace_id, spans.at(name).context.trace_id);
      EXPECT_EQ(inner.parent_id, spans.at(name).context.span_id);
      EXPECT_GE(inner.start_ns, spans.at(name).start_ns);
      EXPECT_LE(inner.end_ns, spans.at(name).end_ns + 1'000'000);
    }
  }
  EXPECT_NE(spans.at("a").context.trace_id, spans.at("b").context.trace_id);
}

TEST_F(Spans, OfWhatIsSpawnedAreChildrenAlsoWhenTheParentHasEnded) {
  run([](Executor executor) -> Task<> {
    const Span parent("parent");
    spawn(executor, "test", []() -> Task<> {
      co_await sleep_for(std::chrono::milliseconds(5));
      const Span child("child");
    }());
    co_return;
  }(loop_.get_executor()));
  const auto spans = ended();
  EXPECT_EQ(spans.at("child").parent_id, spans.at("parent").context.span_id);
  EXPECT_GT(spans.at("child").start_ns, spans.at("parent").end_ns);
}

TEST_F(Spans, TakeUpAParentThatWasKeptAndLinkOthers) {
  run([]() -> Task<> {
    const Span around("around");
    {
      Span later("later", {.parent = kSample + " vendor=1", .start_ms = 1'700'000'000'000});
      later.link(Current::text());
      later.link("nonsense");
      later.set("k8s.namespace.name", "shop");
      later.set("k8s.namespace.name", "shop-2");
      later.fail("it did not work", "timeout");
    }
    const Span alone("alone", {.always_a_root = true, .linked = Current::text()});
    co_return;
  }());
  const auto spans = ended();
  const SpanRecord& later = spans.at("later");
  EXPECT_EQ(later.context.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(later.parent_id, "00f067aa0ba902b7");
  EXPECT_EQ(later.context.state, "vendor=1");
  EXPECT_EQ(later.start_ns, 1'700'000'000'000'000'000);
  EXPECT_GT(later.end_ns, later.start_ns);
  ASSERT_EQ(later.links.size(), 1U);
  ASSERT_EQ(later.attributes.size(), 2U);
  EXPECT_EQ(std::get<std::string>(later.attributes[0].second), "shop-2");
  EXPECT_EQ(later.attributes[1].first, "error.type");
  EXPECT_TRUE(later.failed);
  const SpanRecord& alone = spans.at("alone");
  EXPECT_EQ(alone.parent_id, "");
  ASSERT_EQ(alone.links.size(), 1U);
  EXPECT_EQ(alone.links[0].span_id, spans.at("around").context.span_id);
}

TEST_F(Spans, ThatNeedAParentAreNotThereWithoutOne) {
  run([]() -> Task<> {
    const Span none("none", {.may_be_root = false});
    EXPECT_EQ(none.text(), "");
    EXPECT_EQ(Current::text(), "");
    const Span child("child", {.parent = kSample, .may_be_root = false});
    EXPECT_NE(child.text(), "");
    co_return;
  }());
  EXPECT_EQ(ended().size(), 1U);
}

TEST_F(Spans, OfATraceThatIsNotSampledAreHandedOnAndNotRecorded) {
  run([]() -> Task<> {
    const Span span("span", {.parent = kNotSampled});
    EXPECT_EQ(trace_id_in(span.text()), "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_TRUE(span.text().ends_with("-00"));
    EXPECT_FALSE(span.is_recorded());
    co_return;
  }());
  EXPECT_TRUE(ended().empty());
}

TEST_F(Spans, WithoutATracerHandOnTheirParentAsItIs) {
  set_tracer(nullptr);
  run([]() -> Task<> {
    const Span none("none");
    EXPECT_EQ(none.text(), "");
    const Span span("span", {.parent = kSample});
    EXPECT_EQ(span.text(), kSample);
    const Span below("below");
    EXPECT_EQ(Current::text(), kSample);
    co_return;
  }());
}

TEST_F(Spans, MayBeTheCurrentOneOfAThread) {
  run([]() -> Task<> {
    const Span span("span");
    std::thread([value = local_value(), &span] {
      EXPECT_EQ(Current::text(), "");
      const LocalThread thread(value);
      EXPECT_EQ(Current::text(), span.text());
    }).join();
    co_return;
  }());
}

TEST_F(Spans, LogLinesCarryTheirIds) {
  ASSERT_TRUE(init_log({.json = false}));
  testing::internal::CaptureStderr();
  run([]() -> Task<> {
    const Span span("span", {.parent = kSample});
    info("update", "with ids", {{"workload", "shop/web"}});
    co_return;
  }());
  info("update", "without ids");
  const std::string lines = testing::internal::GetCapturedStderr();
  const auto spans = ended();
  EXPECT_NE(lines.find("workload=shop/web trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=" +
                       spans.at("span").context.span_id + "\n"),
            std::string::npos)
      << lines;
  EXPECT_EQ(lines.find("trace_id", lines.find("without ids")), std::string::npos) << lines;
}

TEST_F(Spans, BeyondTheQueueAreDroppedAndCounted) {
  TracerOptions options;
  options.max_queue = 10, options.max_batch = 4;
  use(options);
  int calls = 0;
  own_->on_batch([&] { ++calls; });
  run([]() -> Task<> {
    for (int i = 0; i < 13; ++i) const Span span("span");
    co_return;
  }());
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(own_->waiting(), 10U);
  EXPECT_EQ(own_->outcomes().dropped.value(), 3);
  EXPECT_EQ(own_->batch().size(), 4U);
  EXPECT_EQ(own_->batch().size(), 4U);
  EXPECT_EQ(own_->batch().size(), 2U);
}

TEST_F(Spans, AreCutToASizeThatCanBeKept) {
  run([]() -> Task<> {
    Span span("span");
    for (int i = 0; i < 100; ++i) {
      span.set("key" + std::to_string(i), std::string(10'000, 'x'));
      span.link(kSample);
    }
    co_return;
  }());
  const auto spans = ended();
  const SpanRecord& span = spans.at("span");
  EXPECT_EQ(span.attributes.size(), most_attributes);
  EXPECT_EQ(std::get<std::string>(span.attributes[0].second).size(), longest_value);
  EXPECT_EQ(span.links.size(), most_links);
}

}  // namespace
}  // namespace headwind::telemetry
