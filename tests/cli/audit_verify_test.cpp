// SPDX-License-Identifier: Apache-2.0
// What `headwind run` writes, and what `headwind audit verify` says of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "cli/program.hpp"

namespace headwind::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct AuditVerify : testing::Test {
  TemporaryDirectory directory;
  std::string file = directory.path() / "audit.log";

  // There is no cluster, so it ends at once, in order.
  Finished run(std::vector<std::string> more) const {
    more.insert(more.end(), {"HOME=" + directory.path().string(), "KUBECONFIG=", "KUBERNETES_SERVICE_HOST="});
    return headwind({"run"}, {}, more);
  }
  void run_with_file() const { run({"HEADWIND_AUDIT_SINK=file", "HEADWIND_AUDIT_FILE=" + file}); }
  std::string text() const {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(AuditVerify, what_two_runs_wrote_into_one_file_is_one_chain) {
  run_with_file(), run_with_file();
  const auto good = headwind({"audit", "verify", file});
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("4 entries, from 20"));
  EXPECT_THAT(good.err, IsEmpty());
  const std::string hash = good.out.substr(good.out.rfind(' ') + 1, 64);
  EXPECT_EQ(headwind({"audit", "verify", "--last", hash, file}).code, 0);
}

TEST_F(AuditVerify, what_was_changed_is_named_with_its_file_and_line) {
  run_with_file(), run_with_file();
  std::string edited = text();
  edited.replace(edited.rfind("process "), 8, "Process ");
  directory.write("audit.log", edited);
  const auto found = headwind({"audit", "verify", file});
  EXPECT_EQ(found.code, 1);
  EXPECT_THAT(found.err, HasSubstr(file + ":3: its hash is not that of its content: it was edited"));
  EXPECT_THAT(found.out, IsEmpty());
}

TEST_F(AuditVerify, entries_that_are_missing_at_the_end_show_in_the_last_hash) {
  run_with_file();
  std::string cut = text();
  const std::string hash = cut.substr(cut.rfind("\"hash\":\"") + 8, 64);
  cut.resize(cut.find('\n') + 1);
  directory.write("audit.log", cut);
  const auto silent = headwind({"audit", "verify", file});
  EXPECT_EQ(silent.code, 0);
  EXPECT_THAT(silent.err, HasSubstr("the last entry is not that Headwind stopped"));
  const auto compared = headwind({"audit", "verify", "--last", hash, file});
  EXPECT_EQ(compared.code, 1);
  EXPECT_THAT(compared.err, HasSubstr("lines are missing at the end"));
}

TEST_F(AuditVerify, the_last_hash_may_be_given_in_upper_case) {
  run_with_file();
  std::string hash = text();
  hash = hash.substr(hash.rfind("\"hash\":\"") + 8, 64);
  for (char& one : hash) one = one >= 'a' && one <= 'f' ? static_cast<char>(one - 'a' + 'A') : one;
  const auto ended = headwind({"audit", "verify", "--last", hash, file});
  EXPECT_EQ(ended.code, 0) << ended.err;
}

TEST_F(AuditVerify, an_empty_file_is_noted_and_alone_is_no_stream) {
  run_with_file();
  const std::string empty = directory.write("audit.log.new", "");
  const auto rotated = headwind({"audit", "verify", file, empty});
  EXPECT_EQ(rotated.code, 0) << rotated.err;
  EXPECT_THAT(rotated.err, HasSubstr("note: the file " + empty + " is empty"));
  const auto alone = headwind({"audit", "verify", empty});
  EXPECT_EQ(alone.code, 1) << "who empties it must not get 0";
  EXPECT_THAT(alone.err, HasSubstr("there is no entry of the audit stream in it"));
}

TEST_F(AuditVerify, files_of_a_rotation_are_read_in_their_order) {
  run_with_file();
  const std::string all = text();
  const std::size_t half = all.find('\n') + 1;
  const std::string first = directory.write("audit.log.1", all.substr(0, half));
  directory.write("audit.log", all.substr(half));
  EXPECT_EQ(headwind({"audit", "verify", first, file}).code, 0);
  EXPECT_THAT(headwind({"audit", "verify", file, first}).err, HasSubstr("audit.log.1:1: entry 1 follows entry 2"));
}

TEST_F(AuditVerify, standard_output_is_the_default_and_is_read_among_the_lines_of_a_log) {
  const auto ran = run({});
  EXPECT_THAT(ran.out, HasSubstr(R"("audit":"v1")"));
  const auto good = headwind({"audit", "verify", "-"}, "INFO  app: a line of the log\n" + ran.out + ran.err);
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("2 entries"));
  const std::string log = directory.write("pod.log", "INFO  app: a line of the log\n" + ran.out);
  EXPECT_THAT(headwind({"audit", "verify", log}).err,
              HasSubstr("pod.log:1: is no entry of the audit stream; a log's lines"));
  EXPECT_THAT(run({"HEADWIND_AUDIT_SINK=off"}).out, IsEmpty());
}

TEST_F(AuditVerify, what_cannot_be_read_or_asked_is_refused_in_a_sentence) {
  EXPECT_EQ(headwind({"audit", "verify"}).code, 2);
  const auto none = headwind({"audit", "verify", file});
  EXPECT_EQ(none.code, 2) << "nothing was found to be wrong with it";
  EXPECT_THAT(none.err, HasSubstr(file + " cannot be read: No such file or directory"));
  const auto no_file = headwind({"audit", "verify", directory.path().string()});
  EXPECT_EQ(no_file.code, 2);
  EXPECT_THAT(no_file.err, HasSubstr("cannot be read: Is a directory"));
  run_with_file();
  EXPECT_EQ(headwind({"audit", "verify", file, "-"}).code, 2) << "standard input goes alone";
  EXPECT_THAT(headwind({"audit", "verify", "-"}, "nothing of it\n").err, HasSubstr("there is no entry"));
  for (const char* wrong : {"abc", "zz", "17"}) {
    const auto typed = headwind({"audit", "verify", "--last", wrong, file});
    EXPECT_EQ(typed.code, 2) << "a typing error is no tampering";
    EXPECT_THAT(typed.err, HasSubstr("64 hexadecimal digits"));
  }
  const std::string config = directory.write("c.yaml", "audit: {sink: file}\n");
  EXPECT_THAT(headwind({"config", "check", config}).err, HasSubstr("audit.file: must name a file"));
}

}  // namespace
}  // namespace headwind::test
