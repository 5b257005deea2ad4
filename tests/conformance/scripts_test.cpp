// SPDX-License-Identifier: Apache-2.0
// A script in Python that has a flaw is told with its line.
#include <gmock/gmock.h>

#include "conformance/report.hpp"

namespace headwind::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Flaw {
  const char* name;
  const char* script;
  const char* check;
  const char* says;
};

void PrintTo(const Flaw& flaw, std::ostream* out) { *out << flaw.name; }

class Scripts : public testing::TestWithParam<Flaw> {};

TEST_P(Scripts, a_flaw_is_told_in_its_row_with_its_line) {
  const Flaw& flaw = GetParam();
  const TemporaryDirectory directory;
  const Report report = check(directory.write("flawed.py", flaw.script));
  EXPECT_EQ(report.code, 1) << report.document.dump(2);
  const Row row = report.row(flaw.check);
  EXPECT_EQ(row.outcome, "failed") << report.document.dump(2);
  EXPECT_THAT(row.sentence, AllOf(HasSubstr(flaw.says), HasSubstr("; mend it"))) << report.document.dump(2);
}

INSTANTIATE_TEST_SUITE_P(
    told, Scripts,
    testing::Values(
        Flaw{"notifier_that_does_not_compile", "import json\ndef send(event)\n    pass\n", "create",
             "flawed.py:2: SyntaxError: expected ':' (in: def send(event))"},
        Flaw{"policy_that_does_not_compile", "def choose(workload, slot, candidates, parameters):\nreturn None\n",
             "create", "flawed.py:2: IndentationError: expected an indented block"},
        Flaw{"notifier_that_fails_on_import", "import no_such_module\ndef send(event):\n    pass\n", "create",
             "flawed.py:1: ModuleNotFoundError: No module named 'no_such_module' (in: import no_such_module)"},
        Flaw{"notifier_that_raises", "def send(event):\n    return 1 / len([])\n", "ordinary",
             "in send (one event) it answers unavailable: the notifier script flawed.py:2: ZeroDivisionError: division "
             "by zero (in: return 1 / len([]))"},
        Flaw{"policy_that_raises", "def choose(workload, slot, candidates, parameters):\n    return workload.nothing\n",
             "ordinary",
             "flawed.py:2: AttributeError: 'Workload' object has no attribute 'nothing' (in: return workload.nothing)"},
        Flaw{"notifier_that_minds_no_text", "def send(event):\n    return event.text[0]\n", "empty",
             "flawed.py:2: IndexError: string index out of range (in: return event.text[0])"}));

constexpr const char* poster =
    "import urllib.request, urllib.error, headwind\n"
    "def send(event):\n"
    "    try:\n"
    "        urllib.request.urlopen(event.secrets.get('hook_url'), data=b'{}', timeout=5).close()\n"
    "    except urllib.error.HTTPError as error:\n"
    "        ";

TEST(Script, a_notifier_that_minds_no_status_is_told) {
  const TemporaryDirectory directory;
  const Report careless = check(directory.write("careless.py", std::string(poster) + "pass\n"));
  EXPECT_EQ(careless.row("ordinary").outcome, "passed") << careless.document.dump(2);
  EXPECT_EQ(careless.row("answers").outcome, "failed");
  EXPECT_THAT(careless.row("answers").sentence, HasSubstr("answered with HTTP 500, it answers ok"));
  const Report hasty =
      check(directory.write("hasty.py", std::string(poster) + "raise headwind.Undeliverable('no') from None\n"));
  EXPECT_THAT(hasty.row("answers").sentence, HasSubstr("raise another exception than headwind.Undeliverable"));
}

TEST(Script, a_notifier_that_tells_a_secret_is_told) {
  const TemporaryDirectory directory;
  const Report report = check(directory.write("tells.py",
                                              "def send(event):\n"
                                              "    raise RuntimeError(event.secrets['token'][:30] + 'x')\n"));
  EXPECT_EQ(report.row("ordinary").outcome, "failed");
  EXPECT_THAT(report.row("ordinary").sentence, AllOf(HasSubstr("tells.py:2: RuntimeError"), HasSubstr("a secret")));
}

TEST(Script, a_secret_that_is_given_reaches_a_notifier_without_settings) {
  const TemporaryDirectory directory;
  const std::string script = directory.write("reads.py",
                                             "def send(event):\n"
                                             "    name = 'pass' + 'word'\n"
                                             "    assert len(event.secrets[name]) == 14\n");
  const std::string secret = directory.write("secret", "hunter2hunter2");
  const Report without = check(script);
  EXPECT_THAT(without.row("ordinary").sentence, HasSubstr("reads.py:3: KeyError: 'password'"));
  const Report with = check(script, {"--strict", "--secret", "password=file:" + secret});
  EXPECT_EQ(with.row("ordinary").outcome, "passed") << with.document.dump(2);
  const Finished sent = headwind({"plugin", "call", script, "--secret", "password=file:" + secret, "send"});
  EXPECT_EQ(sent.code, 0) << sent.err;
  const Finished unsent = headwind({"plugin", "call", script, "send"});
  EXPECT_EQ(unsent.code, 1);
  EXPECT_THAT(unsent.err, AllOf(HasSubstr("reads.py:3: KeyError: 'password'"), Not(HasSubstr("hunter2"))));
}

}  // namespace
}  // namespace headwind::test
