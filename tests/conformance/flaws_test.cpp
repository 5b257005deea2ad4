// SPDX-License-Identifier: Apache-2.0
// Each flaw that the checker can see is told in the row where its author would look for it.
#include <gmock/gmock.h>

#include "conformance/report.hpp"

namespace headwind::test {
namespace {

using testing::HasSubstr;

struct Flaw {
  const char* module;  // below the build's tests/
  const char* check;
  const char* outcome;
  const char* says;
};

void PrintTo(const Flaw& flaw, std::ostream* out) { *out << flaw.module; }

class Flaws : public testing::TestWithParam<Flaw> {};

TEST_P(Flaws, is_told_in_its_row) {
  const Flaw& flaw = GetParam();
  const Report report = check((build_directory() / "tests" / (std::string(flaw.module) + ".so")).string(),
                              {"--strict", "--only", flaw.check});
  EXPECT_EQ(report.code, 1);
  const Row row = report.row(flaw.check);
  EXPECT_EQ(row.outcome, flaw.outcome) << report.document.dump(2);
  EXPECT_THAT(row.sentence, HasSubstr(flaw.says)) << report.document.dump(2);
  for (const auto& one : report.document.value("checks", nlohmann::json::array()))
    EXPECT_TRUE(one["check"] == flaw.check || one["check"] == "load") << one << " was not asked for";
}

INSTANTIATE_TEST_SUITE_P(
    load, Flaws,
    testing::Values(Flaw{"hostile/load/no_entry", "load", "failed", "exports no hw_entry_v1"},
                    Flaw{"hostile/load/wrong_major", "load", "failed", "speaks ABI major"},
                    Flaw{"hostile/load/crash_in_constructor", "load", "failed",
                         "crashed with SIGSEGV while being loaded"},
                    Flaw{"hostile/load/exit_in_entry", "load", "failed", "must not call exit"},
                    Flaw{"hostile/load/schema_not_json", "load", "failed", "config_schema that is not JSON"},
                    Flaw{"hostile/load/duplicate_ids", "load", "failed", "two plugins with the id"}));

INSTANTIATE_TEST_SUITE_P(
    call, Flaws,
    testing::Values(
        Flaw{"hostile/call/absurd_http", "services", "failed", "crashed with SIGSEGV in list_tags (a repository)"},
        Flaw{"hostile/call/absurd_tag_count", "ordinary", "failed", "more than 1000000 tags"},
        Flaw{"hostile/call/fails_and_recovers", "ordinary", "failed", "answers internal, which means a bug of its own"},
        Flaw{"hostile/call/flooded_sink", "ordinary", "failed", "more than 8 MiB of tags"},
        Flaw{"hostile/call/foreign_exception", "ordinary", "failed", "throws something across the C boundary"},
        Flaw{"hostile/call/foreign_thread_services", "ordinary", "failed", "answers denied: said by another thread"},
        Flaw{"hostile/call/foreign_thread_sink", "ordinary", "failed", "puts tags from a thread of its own"},
        Flaw{"hostile/call/garbage_results", "ordinary", "failed", "gives event 2 of 3 the unknown status 4711"},
        Flaw{"hostile/call/kept_call", "lent", "failed", "it read what the host had lent for a call that was over"},
        Flaw{"hostile/call/leaks", "memory", "warning", "keeps about 65"},
        Flaw{"hostile/call/megabyte_log", "ordinary", "failed", "logs a message that is not one line of UTF-8"},
        Flaw{"hostile/call/million_metrics", "ordinary", "failed", "defines more than 64 metrics"},
        Flaw{"hostile/call/null_page", "ordinary", "failed", "puts a struct of a wrong struct_size, or none"},
        Flaw{"hostile/call/odd_failures", "ordinary", "failed", "answers unavailable: why; the function computes"},
        Flaw{"hostile/call/page_of_wrong_size", "ordinary", "failed", "puts a struct of a wrong struct_size"},
        Flaw{"hostile/call/recursive_service", "ordinary", "failed", "from within the answer of a service more than 8"},
        Flaw{"hostile/call/results_after_error", "ordinary", "failed", "puts tags after it called host->fail"},
        Flaw{"hostile/call/results_after_refusal", "ordinary", "failed", "puts a tag that is empty"},
        Flaw{"hostile/call/services_after_destroy", "lent", "failed", "crashed with SIGSEGV in destroy: it read what"},
        Flaw{"hostile/call/silent_exception", "ordinary", "failed", "(it says nothing)"},
        Flaw{"hostile/call/spins", "ordinary", "failed", "did not come back within 10000 ms in choose (seven tags)"},
        Flaw{"hostile/call/throws_in_create", "create", "failed", "in create it throws an exception"},
        Flaw{"hostile/call/throws_in_destroy", "create", "failed", "in destroy it throws"},
        Flaw{"hostile/call/too_many_tags", "ordinary", "failed", "more than 1000000 tags"},
        Flaw{"hostile/call/wrong_sink", "ordinary", "failed", "puts a push, which this function does not ask for"}));

INSTANTIATE_TEST_SUITE_P(
    crash, Flaws,
    testing::Values(Flaw{"hostile/crash/crash_in_create", "create", "failed", " in create; run it under a debugger"},
                    Flaw{"hostile/crash/crash_in_describe", "ordinary", "failed", "SIGSEGV in describe (after create)"},
                    Flaw{"hostile/crash/crash_in_send", "ordinary", "failed", "SIGSEGV in send (one event)"},
                    Flaw{"hostile/crash/abort_in_send", "ordinary", "failed", "SIGABRT in send (one event)"},
                    Flaw{"hostile/crash/terminate_in_send", "ordinary", "failed", "SIGABRT in send (one event)"},
                    Flaw{"hostile/crash/overflow_in_send", "ordinary", "failed", "SIGSEGV in send (one event)"},
                    Flaw{"hostile/crash/exit_in_send", "ordinary", "failed", "a plugin must not call exit"}));

INSTANTIATE_TEST_SUITE_P(
    flawed, Flaws,
    testing::Values(
        Flaw{"conformance/flawed/any_extension", "exports", "warning", "such as helper_of_any_extension"},
        Flaw{"conformance/flawed/any_extension", "description", "warning", "a mistyped setting goes unnoticed"},
        Flaw{"conformance/flawed/any_extension", "extension", "failed", "answer NULL for what it does not know"},
        Flaw{"conformance/flawed/one_instance", "create", "failed",
             "second instance beside the first answers unavailable"},
        Flaw{"conformance/flawed/leaves_threads", "create", "failed", "leaves threads running, 22 after 22 instances"},
        Flaw{"conformance/flawed/keeps_text", "lent", "failed",
             "it read what the host had lent for a call that was over"},
        Flaw{"conformance/flawed/reads_past_text", "lent", "failed",
             "crashed with SIGSEGV in choose (seven tags): it read beyond the end of a text or an array"},
        Flaw{"conformance/flawed/reads_past_row", "lent", "failed",
             "crashed with SIGSEGV in send (one event): it read beyond the end of a text or an array"},
        Flaw{"conformance/flawed/takes_text_for_c_string", "ordinary", "failed", "gives a reason that is not UTF-8"},
        Flaw{"conformance/flawed/takes_quadratic_time", "huge", "failed", "ms; the operator gives up after 2000 ms"},
        Flaw{"conformance/flawed/trusts_annotations", "foreign", "failed",
             "crashed with SIGABRT in choose (annotations that are no JSON)"},
        Flaw{"conformance/flawed/needs_a_setting", "settings", "failed",
             "where there are none, create answers internal"},
        Flaw{"conformance/flawed/not_concurrent", "concurrent", "failed", "crashed with SIGABRT in choose"},
        Flaw{"conformance/flawed/leaks", "memory", "warning", "bytes for good"},
        Flaw{"conformance/flawed/ignores_cancel", "cancelled", "failed", "though the call was cancelled before"},
        Flaw{"conformance/flawed/ignores_cancel", "deadline", "failed", "ms after its deadline"},
        Flaw{"conformance/flawed/ignores_refusal", "sinks", "failed", "goes on to put tags after the sink said stop"},
        Flaw{"conformance/flawed/gives_up_at_once", "answers", "failed", "set retryable"},
        Flaw{"conformance/flawed/posts_in_dry_run", "dry-run", "failed", "sends POST although the call is a dry run"},
        Flaw{"conformance/flawed/tells_secret", "ordinary", "failed", "puts a secret into the message of an error"},
        Flaw{"conformance/flawed/goes_without", "services", "failed", "answers ok although it was not granted"},
        Flaw{"conformance/flawed/goes_without", "secrets", "warning", "answers ok to everything although no secret"},
        Flaw{"conformance/flawed/quotes_answers", "secrets", "failed", "puts a secret into the message of an error"},
        Flaw{"conformance/flawed/too_many_images", "ordinary", "failed", "puts more than 1000 images of one object"},
        Flaw{"conformance/flawed/unplaced_image", "ordinary", "failed", "group/version/plural/namespace/name"},
        Flaw{"conformance/flawed/wrong_pointer", "ordinary", "failed", "names /spec/no/such/place"}));

}  // namespace
}  // namespace headwind::test
