#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""flaws.py BASELINE INCLUDE: the test of the test. Each deliberately wrong change of the headers, named for its flaw,
must be refused by abi.py with the words beside it; each right one must pass."""
import pathlib
import shutil
import sys
import tempfile

import abi

MINOR = ("base.h", "#define HW_ABI_MINOR 0", "#define HW_ABI_MINOR 1")
LAST = "  hw_str details;                      /* all of it, as a JSON object: what the generic webhook posts */\n"
APPEND = ("notifier.h", LAST, LAST + "  hw_str cluster;\n")
ENTRY = "HW_EXPORT const hw_module* hw_entry_v1(void);"
FUNCTION = ("plugin.h", ENTRY, ENTRY + "\nHW_EXPORT void hw_more_v1(void);")


def more(member):
    """A new struct with that member."""
    return ("notifier.h", "typedef struct hw_notifier_api {",
            f"typedef struct hw_more {{ uint32_t struct_size; uint32_t reserved0; {member} }} hw_more;\n"
            "typedef struct hw_notifier_api {")


# name: (edits of (file, old text, new text)..., words of the refusal). A file without an old text is a new one.
WRONG = {
    "member_inserted": [("notifier.h", "  hw_str id; ", "  hw_str origin;\n  hw_str id; "), "append instead"],
    "member_inserted_with_a_new_minor": [MINOR, ("notifier.h", "  hw_str id; ", "  hw_str origin;\n  hw_str id; "),
                                         "append instead"],
    "member_removed": [("notifier.h", LAST, ""), "append instead"],
    "member_renamed": [("notifier.h", "hw_str subject;", "hw_str object;"), "append instead"],
    "members_swapped": [("base.h", "  hw_status code;\n  int32_t retryable;", "  int32_t retryable;\n  hw_status code;"),
                        "append instead"],
    "member_of_another_type_and_the_same_size": [("notifier.h", "int64_t unix_ms;", "uint64_t unix_ms;"),
                                                 "append instead"],
    "member_widened": [("base.h", "  int32_t retryable;      /*", "  int64_t retryable;      /*"), "append instead"],
    "reserved_member_put_to_use": [("base.h", "uint32_t reserved0;     /* every", "uint32_t attempts;     /* every"),
                                   "append instead"],
    "struct_size_dropped": [("workload.h", "typedef struct hw_rollout { /* the host allocates it and writes "
                             "struct_size; the plugin fills in what fits */\n  uint32_t struct_size;",
                             "typedef struct hw_rollout {\n  uint32_t size;"), "struct_size must stay"],
    "frozen_struct_grown": [MINOR, ("base.h", "  const char* ptr;\n  size_t len;\n",
                                    "  const char* ptr;\n  size_t len;\n  size_t capacity;\n"), "it is frozen"],
    "appended_without_a_new_minor": [APPEND, "HW_ABI_MINOR must be raised"],
    "appended_into_padding": [MINOR, ("notifier.h", LAST, LAST + "  uint32_t shard;\n"), "bytes of padding"],
    "implicit_padding_in_a_new_struct": [MINOR, ("notifier.h", "typedef struct hw_notifier_api {",
                                                 "typedef struct hw_mark { uint32_t struct_size; int64_t at; } hw_mark;"
                                                 "\ntypedef struct hw_notifier_api {"), "bytes of padding"],
    "constant_changed": [("base.h", "HW_DENIED = 4", "HW_DENIED = 14"), "add a new name"],
    "constant_removed": [("base.h", "HW_MAX_NAME = 256, ", ""), "add a new name"],
    "limit_lowered": [("base.h", "HW_MAX_TAGS = 1000000", "HW_MAX_TAGS = 100000"), "add a new name"],
    "constant_added_without_a_new_minor": [("notifier.h", "typedef struct hw_event {",
                                            "enum { HW_EVENT_QUIET = 1 };\ntypedef struct hw_event {"),
                                           "HW_ABI_MINOR must be raised"],
    "parameter_added": [("workload.h", "hw_status (*describe)(void* self, const hw_call* call, const hw_target_sink* out);",
                         "hw_status (*describe)(void* self, const hw_call* call, const hw_target_sink* out, int32_t n);"),
                        "append instead"],
    "parameter_no_longer_const": [("notifier.h", "const hw_event* const* events, size_t",
                                   "hw_event* const* events, size_t"), "append instead"],
    "answer_of_another_type": [("plugin.h", "  void (*destroy)(void* self);", "  hw_status (*destroy)(void* self);"),
                               "append instead"],
    "bool_in_a_struct": [MINOR, ("base.h", "#include <stdint.h>\n", "#include <stdint.h>\n#include <stdbool.h>\n"),
                         ("notifier.h", LAST, LAST + "  bool quiet;\n  uint8_t reserved1[7];\n"), "bool and enum"],
    "enum_in_a_signature": [MINOR, ("notifier.h", "typedef struct hw_notifier_api {",
                                    "enum hw_mood { HW_GOOD };\ntypedef struct hw_more { uint32_t struct_size; "
                                    "uint32_t reserved0; void (*tell)(enum hw_mood mood); } hw_more;\n"
                                    "typedef struct hw_notifier_api {"), "bool and enum"],
    "long_in_a_signature": [MINOR, more("void (*tell)(long n);"), "long is none of the types"],
    "bit_field": [MINOR, ("notifier.h", LAST, LAST + "  uint32_t quiet : 1, loud : 31;\n  uint32_t reserved1;\n"),
                  "is a bit-field"],
    "noexcept_for_cplusplus": [("notifier.h", "                    hw_status* results);",
                                "                    hw_status* results)\n#if defined(__cplusplus)\nnoexcept\n#endif\n;"),
                               "noexcept"],
    "entry_renamed": [("plugin.h", "HW_EXPORT const hw_module* hw_entry_v1(void);",
                       "HW_EXPORT const hw_module* hw_entry_v2(void);"), "gone or changed"],
    "entry_takes_a_parameter": [("plugin.h", "HW_EXPORT const hw_module* hw_entry_v1(void);",
                                 "HW_EXPORT const hw_module* hw_entry_v1(uint32_t minor);"), "gone or changed"],
    "status_of_another_width": [("base.h", "typedef int32_t hw_status;", "typedef int64_t hw_status;"),
                                "gone or changed"],
    "macro_changed": [("base.h", "offsetof(type, member) + sizeof((p)->member))", "offsetof(type, member))"),
                      "add a new name"],
    "service_renamed": [("host.h", '"headwind.http/1"', '"headwind.http/2"'), "add a new name"],
    "struct_removed": [("workload.h", "hw_target_sink", "hw_goal_sink"), "it was released and is gone"],
    "bool_behind_a_typedef": [MINOR, ("base.h", "#include <stdint.h>\n", "#include <stdint.h>\ntypedef _Bool flag_t;\n"),
                              ("notifier.h", LAST, LAST + "  flag_t quiet;\n  uint8_t reserved1[7];\n"),
                              "flag_t is none of the types"],
    "bool_behind_a_typedef_of_ours": [MINOR, ("base.h", "typedef int32_t hw_status;",
                                              "typedef int32_t hw_status;\ntypedef _Bool hw_flag;"), "bool and enum"],
    "long_behind_a_typedef": [MINOR, ("base.h", "#include <stdint.h>\n", "#include <stdint.h>\ntypedef long num_t;\n"),
                              more("void (*tell)(num_t n);"), "num_t is none of the types"],
    "type_of_the_platform": [MINOR, ("base.h", "#include <stdint.h>\n", "#include <stdint.h>\n#include <time.h>\n"),
                             more("time_t at;"), "time_t is none of the types"],
    "name_of_everybody": [MINOR, ("notifier.h", "typedef struct hw_notifier_api {",
                                  "typedef struct mark { uint32_t size; uint32_t kind; } mark;\n"
                                  "typedef struct hw_notifier_api {"), "names of the ABI begin with hw_"],
    "constant_of_everybody": [MINOR, ("notifier.h", "typedef struct hw_event {",
                                      "enum { QUIET = 1 };\ntypedef struct hw_event {"), "begin with HW_"],
    "padding_in_a_struct_of_another_name": [MINOR, ("notifier.h", "typedef struct hw_notifier_api {",
                                                    "typedef struct mark { uint32_t size; int64_t at; } mark;\n"
                                                    "typedef struct hw_notifier_api {"), "bytes of padding"],
    "unnamed_struct": [MINOR, ("notifier.h", "typedef struct hw_notifier_api {",
                               "typedef struct { uint32_t kind; int64_t at; } hw_mark;\n"
                               "typedef struct hw_notifier_api {"), "an unnamed struct"],
    "packed_struct": [MINOR, ("notifier.h", "typedef struct hw_notifier_api {",
                              "typedef struct __attribute__((packed)) hw_mark { uint32_t struct_size; int64_t at; } "
                              "hw_mark;\ntypedef struct hw_notifier_api {"), "PackedAttr"],
    "packed_by_a_pragma": [MINOR, ("notifier.h", "typedef struct hw_notifier_api {",
                                   "#pragma pack(push, 4)\ntypedef struct hw_mark { uint32_t struct_size; int64_t at; } "
                                   "hw_mark;\n#pragma pack(pop)\ntypedef struct hw_notifier_api {"), "an attribute"],
    "aligned_member": [MINOR, ("notifier.h", LAST, LAST + "  uint64_t shard __attribute__((aligned(8)));\n"),
                       "an attribute moves shard"],
    "growing_struct_by_value": [MINOR, more("hw_error last;"), "holds hw_error by value"],
    "growing_structs_in_an_array": [MINOR, more("hw_error all[2];"), "holds hw_error by value"],
    "growing_struct_as_an_argument": [MINOR, more("void (*tell)(hw_error why);"), "holds hw_error by value"],
    "growing_struct_as_an_answer": [MINOR, more("hw_error (*last)(void *self);"), "holds hw_error by value"],
    "anonymous_union": [MINOR, more("union { int64_t at; uint64_t count; };"), "a union is defined within it"],
    "anonymous_struct": [MINOR, more("struct { int64_t at; };"), "a struct is defined within it"],
    "union_of_ours": [MINOR, ("notifier.h", "typedef struct hw_notifier_api {",
                              "typedef union hw_either { int64_t at; uint64_t count; } hw_either;\n"
                              "typedef struct hw_notifier_api {"), "nothing says which of its members counts"],
    "header_that_nobody_includes": [("forgotten.h", None, "typedef struct hw_mark { uint32_t size; int64_t at; } hw_mark;"),
                                    "headwind.h does not include it"],
    "member_for_cplusplus": [("notifier.h", LAST, LAST + "#if defined(__cplusplus)\n  hw_str cluster;\n#endif\n"),
                             "C and C++ disagree: 'cluster"],
    "member_of_another_type_for_cplusplus": [("notifier.h", "  int64_t unix_ms;",
                                              "#if defined(__cplusplus)\n  uint64_t unix_ms;\n#else\n"
                                              "  int64_t unix_ms;\n#endif\n"), "C and C++ disagree: 'unix_ms"],
    "constant_for_cplusplus": [("base.h", "HW_DENIED = 4",
                                "\n#if defined(__cplusplus)\nHW_DENIED = 14\n#else\nHW_DENIED = 4\n#endif\n"),
                               "C and C++ disagree: 'HW_DENIED = 14'"],
    "entry_linked_as_of_cplusplus": [("plugin.h", ENTRY, "#if defined(__cplusplus)\n}\n#endif\n" + ENTRY +
                                      '\n#if defined(__cplusplus)\nextern "C" {\n#endif\n'),
                                     "linked as _Z11hw_entry_v1v' is so in C++ alone"],
    "headers_of_c_alone": [MINOR, more("void (*class)(void);"), "do not compile as C++"],
    "array_without_a_size": [MINOR, more("char text[];"), "hold what has no size"],
    "function_added_without_a_new_minor": [FUNCTION, "HW_ABI_MINOR must be raised"],
    "entry_not_exported": [("plugin.h", "HW_EXPORT const hw_module* hw_entry_v1(void);",
                            "const hw_module* hw_entry_v1(void);"), "gone or changed"],
}
RIGHT = {
    "member_appended_with_a_new_minor": [MINOR, APPEND],
    "constant_added_with_a_new_minor": [MINOR, ("base.h", "HW_INTERNAL = 9 ", "HW_TOO_LARGE = 10, HW_INTERNAL = 9 ")],
    "struct_added_with_a_new_minor": [MINOR, ("notifier.h", "typedef struct hw_notifier_api {",
                                              "typedef struct hw_mark { uint32_t struct_size; uint32_t reserved0; "
                                              "int64_t at; } hw_mark;\ntypedef struct hw_notifier_api {")],
    "function_added_with_a_new_minor": [MINOR, FUNCTION],
    "patch_level_raised": [("base.h", "#define HW_SDK_PATCH 0", "#define HW_SDK_PATCH 7")],
    "comment_changed": [("base.h", "/* what was asked for is not there */", "/* it is not there */")],
}


def edited(include, edits, work):
    target = pathlib.Path(work, "include")
    shutil.copytree(include, target)
    for file, old, new in edits:
        header = target / "headwind" / file
        text = header.read_text() if old is not None else ""
        if old is not None and old not in text:
            sys.exit(f"{file} no longer says {old!r}; flaws.py must be brought up to date")
        header.write_text(new if old is None else text.replace(old, new))
    return target


def main(baseline, include):
    failed = 0
    for name, (*edits, words) in WRONG.items():
        with tempfile.TemporaryDirectory() as work:
            findings = abi.compare(baseline, edited(include, edits, work))
        if not any(words in finding for finding in findings):
            failed += 1
            print(f"NOT REFUSED  {name}: wanted '{words}', found {findings}")
        else:
            print(f"refused      {name}: {next(finding for finding in findings if words in finding)}")
    for name, edits in RIGHT.items():
        with tempfile.TemporaryDirectory() as work:
            findings = abi.compare(baseline, edited(include, edits, work))
        failed += bool(findings)
        print(f"{'REFUSED     ' if findings else 'accepted    '} {name}: {findings}")
    print(f"{len(WRONG)} flaws, {len(RIGHT)} right changes, {failed} judged wrongly")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
