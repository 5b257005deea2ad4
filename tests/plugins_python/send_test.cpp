// SPDX-License-Identifier: Apache-2.0
#include "script_world.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;

class Send : public ScriptWorld {
 protected:
  std::vector<Result<>> send(const std::string& source, const std::vector<std::string>& texts,
                             const std::string& more = "") {
    const std::string file = write("pager.py", source).string();
    const Result<> made = !host->notifiers().empty()
                              ? Result<>()
                              : create("pager", "headwind.notifier.python", R"({"file": ")" + file + "\"" + more + "}",
                                       {{"token", "hunter2"}});
    EXPECT_TRUE(made) << made.error().message;
    std::vector<Event> events;
    for (const std::string& text : texts) {
      Event event;
      event.type = "update_completed";
      event.id = "id-" + text;
      event.subject = "apps/Deployment shop/web";
      event.old_reference = "web:1";
      event.new_reference = "web:2";
      event.text = text;
      event.details = R"({"namespace": "shop"})";
      events.push_back(std::move(event));
    }
    return run(host->notifiers().at(0).send(std::move(events)));
  }
};

TEST_F(Send, AFunctionIsToldEachEventAndItsSecrets) {
  const std::string out = (directory / "out").string();
  const auto results = send(
      "def send(event):\n"
      "    with open('" +
          out +
          "', 'a') as file:\n"
          "        print(event.type, event.id, event.subject, event.old, event.new, event.text,\n"
          "              event.severity, event.details['namespace'], event.secrets['token'], file=file)\n",
      {"one", "two"}, R"(, "secrets": ["token"])");
  ASSERT_EQ(results.size(), 2U);
  for (const Result<>& result : results) EXPECT_TRUE(result) << result.error().message;
  std::ifstream file(out);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(text,
            "update_completed id-one apps/Deployment shop/web web:1 web:2 one info shop hunter2\n"
            "update_completed id-two apps/Deployment shop/web web:1 web:2 two info shop hunter2\n");
}

TEST_F(Send, EachEventHasAFateOfItsOwn) {
  const auto results = send(
      "import headwind\n"
      "def send(event):\n"
      "    if event.text == 'never': raise headwind.Undeliverable('it is not for pagers')\n"
      "    if event.text == 'later': raise OSError('the pager is out')\n",
      {"good", "never", "better", "later"});
  ASSERT_EQ(results.size(), 4U);
  EXPECT_TRUE(results[0]);
  ASSERT_FALSE(results[1]);
  EXPECT_EQ(results[1].error().code, Code::invalid);
  EXPECT_FALSE(results[1].error().retryable);
  EXPECT_TRUE(results[2]);
  ASSERT_FALSE(results[3]);
  EXPECT_TRUE(results[3].error().retryable);
  EXPECT_THAT(results[3].error().message, HasSubstr("pager.py:4: OSError: the pager is out"));
}

TEST_F(Send, AScriptThatDoesNotEndIsNotWaitedFor) {
  const std::string waits_on = pipe(), source = "def send(event):\n    open('" + waits_on + "')\n";
  auto results = send(source, {"one"}, R"(, "seconds": 0.2)");
  for (int i = 0; i < 3 && !results[0] && results[0].error().message.find("did not end") == std::string::npos; ++i)
    results = send(source, {"one"});  // a busy machine may not have let it begin
  ASSERT_FALSE(results[0]);
  EXPECT_TRUE(results[0].error().retryable);
  EXPECT_THAT(results[0].error().message, HasSubstr("pager.py:2: did not end within 0.2 s"));
}

}  // namespace
}  // namespace headwind::plugin
