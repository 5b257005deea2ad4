// SPDX-License-Identifier: Apache-2.0
// What a script can do wrong, and the end that it comes to: docs/policies-python.md has the table.
#include "script_world.hpp"

namespace headwind::plugin {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::MatchesRegex;

class Containment : public ScriptWorld {
 protected:
  static constexpr const char* kShort = R"(, "seconds": 0.3)";  // of a script that does not end by itself
  // One script whose choose has that body, in an instance "bad".
  void bad(const std::string& body, const std::string& more = kPatient) {
    create_good();
    ASSERT_TRUE(script("bad",
                       "import time, os, sys, threading, subprocess, headwind\n"
                       "def choose(workload, slot, candidates, parameters):\n" +
                           body,
                       more));
  }
};

TEST_F(Containment, ASyntaxErrorNamesItsLine) {
  create_good();
  ASSERT_TRUE(script("bad", "import os\ndef choose(:\n"));
  EXPECT_THAT(failure("bad"), HasSubstr("bad.py:2: SyntaxError: invalid syntax (in: def choose(:)"));
  expect_others_go_on();
}

TEST_F(Containment, AnExceptionNamesItsLine) {
  bad("    share = 0\n    return candidates[1 / share]\n");
  const Result<Choice> choice = ask("bad");
  ASSERT_FALSE(choice);
  EXPECT_THAT(choice.error().message,
              HasSubstr("bad.py:4: ZeroDivisionError: division by zero (in: return candidates[1 / share])"));
  EXPECT_FALSE(choice.error().retryable);
  expect_others_go_on();
}

TEST_F(Containment, AnExceptionOfALibraryNamesTheLineThatCalledIt) {
  bad("    import json\n    return json.loads('{')\n");
  EXPECT_THAT(failure("bad"), HasSubstr("bad.py:4: JSONDecodeError: "));
}

TEST_F(Containment, ManyExceptionsDoNotRestTheInstance) {
  bad("    return candidates[len(candidates)] if len(candidates) > 2 else candidates[0]\n");
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(ask("bad", {"a", "b", "c"}));
  EXPECT_TRUE(ask("bad", {"a"}));
}

TEST_F(Containment, WrongAnswersAreNamed) {
  bad("    return {'int': 7, 'foreign': headwind.Candidate('1.1.0'), 'unknown': '9.9'}[candidates[0].tag]\n");
  const auto where = HasSubstr("(in: def choose(workload, slot, candidates, parameters):)");
  EXPECT_THAT(ask("bad", {"int"}).error().message,
              AllOf(HasSubstr("bad.py:2: TypeError: the policy returned a int; return a Candidate"), where));
  EXPECT_THAT(ask("bad", {"foreign"}).error().message,
              AllOf(HasSubstr("bad.py:2: ValueError: "), HasSubstr("is not one of the candidates"), where));
  EXPECT_THAT(ask("bad", {"unknown"}).error().message,
              AllOf(HasSubstr("bad.py:2: ValueError: "), HasSubstr("'9.9', which is none of the 1 candidate"), where));
  expect_others_go_on();
}

TEST_F(Containment, AWrongAnswerOfAClassNamesItsMethod) {
  ASSERT_TRUE(script("bad", "class choose:\n    def choose(self, *asked):\n        return 7\n"));
  EXPECT_THAT(failure("bad"), AllOf(HasSubstr("bad.py:2: TypeError: "), HasSubstr("(in: def choose(self, *asked):)")));
}

TEST_F(Containment, AnInfiniteLoopIsInterrupted) {
  bad("    while candidates[0].tag == 'loop':\n        slot = slot\n    return candidates[0]\n", kShort);
  EXPECT_THAT(overrun("bad", {"loop"}), MatchesRegex(".*bad\\.py:[34]: did not end within 0\\.3 s .*\\(in: .*"));
  EXPECT_TRUE(recovers("bad", {"other"})) << "it was ended, not left alone";
  expect_others_go_on();
}

TEST_F(Containment, AnInfiniteLoopAtTheTopOfTheFileIsInterrupted) {
  create_good();
  ASSERT_TRUE(script("bad", "while True: pass\n", kShort));
  std::string told = failure("bad");
  // Where a busy machine left no time to see the line, that is said of the file until it changes.
  for (int i = 0; i < 20 && told.find("did not end within") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // it looks once a second
    write("bad.py", "while True: pass\n" + std::string(i + 1, '\n'));
    told = failure("bad");
  }
  EXPECT_THAT(told, HasSubstr("bad.py:1: did not end within"));
  expect_others_go_on();
}

TEST_F(Containment, NobodyWaitsForASleepingScript) {
  const std::string waits_on = pipe();
  bad("    if candidates[0].tag == 'long': open('" + waits_on + "')\n    return candidates[0]\n", kShort);
  EXPECT_THAT(
      overrun("bad", {"long"}),
      HasSubstr("bad.py:3: did not end within 0.3 s and does not let itself be interrupted (in: if candidates[0].tag"));
  expect_others_go_on();
  // Until it wakes up there is no other answer; then it goes on.
  EXPECT_FALSE(ask("bad", {"short"}));
  let_go(waits_on);
  EXPECT_TRUE(recovers("bad", {"short"}));
}

TEST_F(Containment, OverrunsRestTheInstance) {
  bad("    while True: pass\n", R"(, "seconds": 0.05)");
  std::vector<std::string> told;
  while (told.size() < 100 && (told.empty() || told.back().find("it rests") == std::string::npos))
    told.push_back(failure("bad"));
  EXPECT_THAT(told.back(), HasSubstr("it rests after repeated faults"));
  EXPECT_GT(told.size(), 5U);
  EXPECT_THAT(told, Contains(HasSubstr("did not end within")));
  expect_others_go_on();
}

TEST_F(Containment, ExitEndsTheCallOnly) {
  bad("    sys.exit(3) if candidates[0].tag == 'sys' else os._exit(4)\n");
  EXPECT_THAT(ask("bad", {"sys"}).error().message, HasSubstr("bad.py:3: called sys.exit(3)"));
  EXPECT_THAT(ask("bad", {"os"}).error().message, HasSubstr("a script may not end the process"));
  expect_others_go_on();
}

TEST_F(Containment, AHugeAllocationIsRefused) {
  for (const char* body : {"    return candidates['x' * (10 ** 10)]\n", "    return [0] * (10 ** 9)\n",
                           "    kept = []\n    while True: kept.append(object())\n"}) {
    const std::string name = "huge" + std::to_string(body[11]) + std::to_string(body[4]);
    ASSERT_TRUE(script(name, "def choose(workload, slot, candidates, parameters):\n" + std::string(body),
                       R"(, "memory_mib": 32, "seconds": 60)"));
    for (int again = 0; again < 3; ++again)
      EXPECT_THAT(failure(name), MatchesRegex(".*" + name +
                                              "\\.py:[23]: asked for more memory than settings\\.memory_mib allows "
                                              "\\(32 MiB\\) \\(in: .*"))
          << body;
  }
  create_good();
  expect_others_go_on();
}

TEST_F(Containment, MemoryThatIsKeptCounts) {
  bad("    kept.append('x' * (20 << 20))\n    return candidates[0]\nkept = []\n",
      R"(, "memory_mib": 50, "seconds": 60)");
  EXPECT_TRUE(ask("bad"));
  EXPECT_TRUE(ask("bad"));
  EXPECT_THAT(failure("bad"), HasSubstr("settings.memory_mib"));
}

TEST_F(Containment, ThreadsAndProcessesAreRefused) {
  bad("    what = candidates[0].tag\n"
      "    if what == 'thread': threading.Thread(target=print).start()\n"
      "    if what == 'process': subprocess.run(['true'])\n"
      "    if what == 'fork': os.fork()\n"
      "    if what == 'kill': os.kill(os.getpid(), 9)\n");
  int line = 4;
  for (const std::string what : {"thread", "process", "fork", "kill"}) {
    EXPECT_THAT(ask("bad", {what}).error().message, AllOf(HasSubstr("bad.py:" + std::to_string(line) + ": "),
                                                          HasSubstr("a script may not start threads or processes"),
                                                          HasSubstr("(in: if what == '" + what + "':")));
    ++line;
  }
  expect_others_go_on();
}

TEST_F(Containment, AnExceptionWithoutTextIsToldAllTheSame) {
  bad("    class Odd(Exception):\n        def __str__(self): raise ValueError('no')\n    raise Odd()\n");
  EXPECT_THAT(failure("bad"), HasSubstr("raised an exception that has no text"));
}

TEST_F(Containment, AnExceptionWhoseTextLoopsIsInterrupted) {
  bad("    class Odd(Exception):\n        def __str__(self):\n            while True: pass\n    raise Odd()\n", kShort);
  EXPECT_FALSE(ask("bad"));
  expect_others_go_on();
}

TEST_F(Containment, LongAndOddTextIsCut) {
  bad("    raise ValueError('\\ud800 \\x00 ' + 'long ' * 10000)\n");
  const std::string message = failure("bad");
  EXPECT_LT(message.size(), 1024U);
  EXPECT_THAT(message, HasSubstr("ValueError: "));
}

TEST_F(Containment, EndlessRecursionIsAnException) {
  bad("    return choose(workload, slot, candidates, parameters)\n");
  EXPECT_THAT(failure("bad"), HasSubstr("bad.py:3: RecursionError"));
  expect_others_go_on();
}

}  // namespace
}  // namespace headwind::plugin
