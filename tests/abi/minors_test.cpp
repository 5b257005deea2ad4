// SPDX-License-Identifier: Apache-2.0
// Plugins of a next minor in two hosts: today's, and one that was built from the headers of that minor, in which each
// struct has grown (HEADWIND_FUTURE_HOST).
#include <gmock/gmock.h>

#include <headwind/sdk/call.hpp>

#include "plugin/struct_size.hpp"
#include "plugin/world.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;

constexpr std::uint32_t kMinor = HW_ABI_MINOR;

class Minors : public World {
 protected:
  Minors() {
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "tests/abi/modules_younger"};
  }

  std::string what_a_younger_plugin_sees() {
    start();
    const Result<> created = create("younger", "test.policy.younger");
    if (!created) return created.error().message;
    const Result<Choice> choice = run(host->policies().front().choose({}, {}, true));
    return choice ? choice->why : choice.error().message;
  }
  std::string refusal() const {
    for (const PluginInfo& row : host->plugins())
      if (row.file.ends_with("needs_younger.so")) return row.reason;
    return "not found";
  }
};

TEST_F(Minors, AYoungerPluginSeesWhatItsHostHasAndNoMore) {
#if defined(HEADWIND_FUTURE_HOST)
  EXPECT_EQ(what_a_younger_plugin_sees(),
            "minor " + std::to_string(kMinor) + ", younger: host call query tags choice verdicts");
  EXPECT_EQ(refusal(), "");
#else
  EXPECT_EQ(what_a_younger_plugin_sees(), "minor " + std::to_string(kMinor) + ", younger:");
  EXPECT_EQ(refusal(), "needs_younger.so needs a host that speaks ABI 1." + std::to_string(kMinor + 1) +
                           "; this one speaks 1." + std::to_string(kMinor) +
                           "; rebuild it with the SDK of this host, or remove it");
#endif
}

TEST_F(Minors, AHostThatReportsAnOlderMinorIsLikeOne) {
  options.abi_minor = 0;
  EXPECT_EQ(what_a_younger_plugin_sees(), "minor 0, younger:");
  EXPECT_THAT(refusal(), HasSubstr("; this one speaks 1.0"));
}

TEST_F(Minors, APolicyOfTheBundleJudgesInAnOlderHost) {
  options.abi_minor = 0;
  start();
  const Result<> created = create("semver", "headwind.policy.semver");
  ASSERT_TRUE(created) << created.error().message;
  PolicyQuery query;
  query.policy = "minor";
  query.tag = "1.2.3";
  Tags tags;
  tags.names = {"1.2.3", "1.3.0", "2.0.0"};
  const Result<Choice> choice = run(host->policies().front().choose(query, tags, true));
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_EQ(choice->verdict, Verdict::update);
  EXPECT_EQ(choice->index, 1U);
  EXPECT_EQ(choice->judgements.size(), 3U);
  query.policy = "newest-of-all";
  EXPECT_EQ(run(host->policies().front().choose(query, tags, true)).error().code, Code::invalid);
}

TEST_F(Minors, ANotifierOfTheCppLayerReachesTheServicesOfAnOlderHost) {
  options.abi_minor = 0;
  start();
  const Result<> created = create("line", "com.example.line", R"({"url":"http://127.0.0.1:1/line"})");
  ASSERT_TRUE(created) << created.error().message;
  std::vector<Event> events(1);
  events[0].text = "it is out";
  const auto fates = run(host->notifiers().front().send(events));
  ASSERT_EQ(fates.size(), 1U);
  ASSERT_FALSE(fates[0]);
  EXPECT_EQ(fates[0].error().code, Code::unavailable);
  EXPECT_THAT(fates[0].error().message, HasSubstr("line: send: "));
  EXPECT_THAT(fates[0].error().message, HasSubstr("127.0.0.1"));
}

// Exactly as long as in its first release, so that a sanitizer sees a byte more being read.
TEST(StructSize, AStructOfTheFirstReleaseIsReadAsFarAsItGoes) {
  std::vector<unsigned char> bytes(kFirstSize<hw_error>, 0xff);
  const std::uint32_t size = kFirstSize<hw_error>;
  std::memcpy(bytes.data(), &size, sizeof size);
  const auto* given = reinterpret_cast<const hw_error*>(bytes.data());
  ASSERT_TRUE(is_sized(given));
  const hw_error read = known(*given);
  EXPECT_EQ(read.message.len, ~std::size_t{0});
#if defined(HEADWIND_FUTURE_HOST)
  EXPECT_EQ(read.from_the_future, 0U);
  static_assert(sizeof(hw_error) > kFirstSize<hw_error>);
#endif
  const std::uint32_t shorter = size - 1;
  std::memcpy(bytes.data(), &shorter, sizeof shorter);
  EXPECT_FALSE(is_sized(given));
}

// A call of an older host ends sooner than ours; what lies behind it is somebody else's.
TEST(StructSize, ASoonerCallHasWhatBothItsHostAndItsPluginKnow) {
  hw_host host{};
  host.mono_ms = [](const hw_host*) -> std::int64_t { return 1'000; };
  struct {
    hw_call call;
    std::uint64_t more[2];
  } lent{};
  for (const std::uint32_t size : {kFirstSize<hw_call>, static_cast<std::uint32_t>(sizeof lent)}) {
    std::memset(static_cast<void*>(&lent), 0xff, sizeof lent);
    lent.call.struct_size = size;
    lent.call.host = &host;
    lent.call.deadline_ms = 60'000;
    const hw::call whole(&lent.call);
    const hw::sooner_call sooner(whole, std::chrono::milliseconds(500)), same(whole, std::chrono::minutes(5));
    EXPECT_EQ(sooner.raw()->struct_size, std::min<std::size_t>(size, sizeof(hw_call)));
    EXPECT_EQ(sooner.raw()->ctx, lent.call.ctx);
    EXPECT_EQ(sooner.raw()->deadline_ms, 1'500);
    EXPECT_EQ(same.raw()->deadline_ms, 60'000) << "never after the call's own";
#if defined(HEADWIND_FUTURE_HOST)
    EXPECT_EQ(sooner.raw()->from_the_future, size == sizeof lent ? ~std::uint64_t{0} : 0U);
#endif
  }
}

}  // namespace
}  // namespace headwind::plugin
