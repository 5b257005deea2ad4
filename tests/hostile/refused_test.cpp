// SPDX-License-Identifier: Apache-2.0
// Files that must be refused with one sentence, while everything else starts.
#include <elf.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "../plugin/world.hpp"

namespace headwind::plugin {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Refused : public World {
 protected:
  Refused() {
    directory = fs::temp_directory_path() / ("headwind-plugin-test-" + std::to_string(getpid()));
    fs::remove_all(directory);
    fs::create_directories(directory);
    const std::string good = read(built("good") / "good_policy.so");
    write("empty.so", "");
    write("text.so", "#!/bin/sh\necho hello\n");
    write("short_header.so", good.substr(0, 20));
    write("truncated.so", good.substr(0, good.size() / 2));
    write("truncated_at_end.so", good.substr(0, good.size() - 100));
    write("wrong_machine.so", patched(good, offsetof(Elf64_Ehdr, e_machine), EM_S390));
    write("other_class.so", patched(good, EI_CLASS, ELFCLASS32 | ELFDATA2LSB << 8));
    write("executable.so", patched(good, offsetof(Elf64_Ehdr, e_type), ET_EXEC));
    write("sections_far_away.so", patched(good, offsetof(Elf64_Ehdr, e_shoff) + 6, 0x7fff));
    fs::create_directory(directory / "directory.so");
    options.directories = {built("good"), built("../hostile/load"), directory, directory / "missing"};
    options.executable = built("test_plugin_probe");
  }
  ~Refused() override { fs::remove_all(directory); }

  static std::string patched(std::string bytes, std::size_t at, std::uint16_t value) {
    bytes[at] = static_cast<char>(value & 0xff);
    bytes[at + 1] = static_cast<char>(value >> 8);
    return bytes;
  }
  void write(const std::string& name, const std::string& bytes) {
    std::ofstream(directory / name, std::ios::binary) << bytes;
  }

  std::string reason(const std::string& file) const {
    for (const PluginInfo& row : host->plugins()) {
      if (fs::path(row.file).filename() == file) return row.state == "refused" ? row.reason : row.state;
    }
    return "no row";
  }

  fs::path directory;
};

TEST_F(Refused, EachWithASentenceWhileTheGoodNeighboursWork) {
  start();
  const std::map<std::string, std::string> expected = {
      {"empty.so", "empty.so is empty"},
      {"text.so", "text.so is not a shared object"},
      {"directory.so", "directory.so is a directory, not a regular file; name the .so file in it"},
      {"short_header.so", "short_header.so is truncated"},
      {"truncated.so", "truncated.so is truncated"},
      {"truncated_at_end.so", "truncated_at_end.so is truncated"},
      {"sections_far_away.so", "sections_far_away.so is truncated"},
      {"wrong_machine.so", "wrong_machine.so is built for S/390"},
      {"other_class.so", "other_class.so is built for"},
      {"executable.so", "executable.so is an ELF file but not a shared object"},
      {"no_entry.so", "no_entry.so exports no hw_entry_v1"},
      {"wrong_major.so", "wrong_major.so speaks ABI major 2; this host speaks major 1"},
      {"null_module.so", "null_module.so gave no module"},
      {"tiny_module.so", "tiny_module.so has a module whose struct_size is 7"},
      {"unresolved_symbol.so", "unresolved_symbol.so cannot be loaded: "},
      {"crash_in_constructor.so",
       "crash_in_constructor.so crashed with SIGSEGV while being loaded, in a static constructor; "},
      {"abort_in_constructor.so",
       "abort_in_constructor.so crashed with SIGABRT while being loaded, in a static constructor; "},
      {"throws_in_constructor.so",
       "throws_in_constructor.so threw an exception out of a static constructor; rebuild or remove it"},
      {"hang_in_constructor.so",
       "hang_in_constructor.so did not finish loading within 5000 ms: it hangs while being loaded, in a static "
       "constructor; "},
      {"exit_on_load.so", "exit_on_load.so ended the probing process with exit code 0 while being loaded"},
      {"crash_in_entry.so", "crash_in_entry.so crashed with SIGILL in hw_entry_v1; rebuild or remove it"},
      {"hang_in_entry.so", "hang_in_entry.so did not finish loading within 5000 ms: it hangs in hw_entry_v1; "},
      {"exit_in_entry.so",
       "exit_in_entry.so ended the probing process with exit code 3 in hw_entry_v1; a plugin must not call exit"},
      {"throws_in_entry.so", "throws_in_entry.so threw an exception out of hw_entry_v1; "},
      {"wild_module.so", "wild_module.so crashed with SIGSEGV while its description was read"},
      {"wild_plugin_list.so", "wild_plugin_list.so crashed with SIGSEGV while its description was read"},
      {"wild_plugin.so", "wild_plugin.so crashed with SIGSEGV while its description was read"},
      {"wild_id.so", "wild_id.so crashed with SIGSEGV while its description was read"},
      {"wild_api.so", "wild_api.so crashed with SIGSEGV while its description was read"},
      {"wild_needs.so", "wild_needs.so crashed with SIGSEGV while its description was read"},
      {"absurd_plugin_count.so", "absurd_plugin_count.so lists 4294967295 plugins, not between 1 and 256"},
      {"endless_needs.so",
       "endless_needs.so cannot be used: plugin test.hostile.endless-needs needs more than 64 services"},
      {"zero_struct_size.so", "zero_struct_size.so has a plugin (number 1) whose struct_size is 0"},
      {"short_plugin.so", "short_plugin.so has a plugin (number 1) whose struct_size is "},
      {"short_api.so", "short_api.so cannot be used: plugin test.hostile.short-api has an api whose struct_size is 8"},
      {"megabyte_summary.so",
       "megabyte_summary.so cannot be used: plugin test.hostile.summary has a summary that is not one line"},
      {"bottomless_schema.so", "bottomless_schema.so "},
      {"unknown_kind.so", "unknown_kind.so cannot be used: plugin test.hostile.kind is of the unknown kind 4711"},
      {"garbage_struct_size.so", "garbage_struct_size.so has a plugin (number 1) whose struct_size is 4294967295"},
      {"null_vtable.so", "null_vtable.so cannot be used: plugin test.hostile.vtable has no api"},
      {"duplicate_ids.so", "duplicate_ids.so has two plugins with the id test.hostile.twin"},
      {"min_host_minor.so", "min_host_minor.so needs a host that speaks ABI 1.99"},
      {"schema_not_json.so",
       "schema_not_json.so cannot be used: plugin test.hostile.schema has a config_schema that is not JSON"},
      {"bad_id.so", "bad_id.so has a plugin (number 1) whose id is not a lower-case dotted name"},
      {"count_lies.so", "count_lies.so has a plugin (number 2) that is null"},
      {"same_id.so", "same_id.so offers test.policy.good, which "},
  };
  for (const auto& [file, sentence] : expected) {
    EXPECT_THAT(reason(file), testing::StartsWith(sentence));
    EXPECT_EQ(reason(file).find('\n'), std::string::npos);
    EXPECT_THAT(reason(file), testing::ContainsRegex("[;:] [^;:]*(build|remove|copy|link|name)")) << "the remedy";
  }
  for (const std::string kind : {"registry", "workload", "notifier", "policy"}) {
    EXPECT_EQ(reason("good_" + kind + ".so"), "loaded");
    EXPECT_TRUE(create(kind, "test." + kind + ".good"));
  }
  EXPECT_TRUE(run(host->policies().front().choose({}, {}, false)));
  EXPECT_EQ(host->plugins().size(), expected.size() + 7);
  EXPECT_THAT(metrics.text(), HasSubstr("headwind_plugins{state=\"refused\"} " + std::to_string(expected.size())));
}

TEST_F(Refused, AFileMayBeNamedInsteadOfItsDirectory) {
  options.directories = {built("good") / "good_policy.so"};
  start();
  ASSERT_EQ(host->plugins().size(), 1U);
  EXPECT_EQ(host->plugins().front().state, "loaded");
}

TEST_F(Refused, AHostThatCannotBeRunAgainIsSaidSo) {
  options.directories = {built("good")};
  options.executable = directory / "nobody";
  start();
  EXPECT_THAT(reason("good_policy.so"), HasSubstr("cannot be probed"));
}

}  // namespace
}  // namespace headwind::plugin
