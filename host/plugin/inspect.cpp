// SPDX-License-Identifier: Apache-2.0
#include "plugin/inspect.hpp"

#include <elf.h>
#include <headwind/headwind.h>

#include <algorithm>
#include <boost/dll/library_info.hpp>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace headwind::plugin {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#else
#error "name this machine's ELF number"
#endif

std::string machine_name(Elf64_Half machine) {
  switch (machine) {
    case EM_386: return "x86 (32 bit)";
    case EM_X86_64: return "x86-64";
    case EM_ARM: return "ARM (32 bit)";
    case EM_AARCH64: return "AArch64";
    case EM_RISCV: return "RISC-V";
    case EM_PPC64: return "POWER";
    case EM_S390: return "S/390";
    default: return "machine type " + std::to_string(machine);
  }
}

// The bytes [offset, offset + length) lie within `size`, also where the sum would overflow.
bool lies_within(std::uint64_t offset, std::uint64_t length, std::uint64_t size) {
  return offset <= size && length <= size - offset;
}

template <class Record>
bool read_table(std::ifstream& file, std::uint64_t size, std::uint64_t offset, std::size_t count,
                std::vector<Record>& out) {
  if (!lies_within(offset, std::uint64_t{count} * sizeof(Record), size)) return false;
  out.resize(count);
  if (count == 0) return true;
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(count * sizeof(Record)));
  return file.good();
}

// Mapping a file that is shorter than its own tables say is a SIGBUS at first touch.
bool is_whole(std::ifstream& file, std::uint64_t size, const Elf64_Ehdr& header) {
  std::vector<Elf64_Phdr> segments;
  std::vector<Elf64_Shdr> sections;
  if (header.e_phentsize != sizeof(Elf64_Phdr) || (header.e_shnum != 0 && header.e_shentsize != sizeof(Elf64_Shdr)))
    return false;
  if (!read_table(file, size, header.e_phoff, header.e_phnum, segments)) return false;
  if (!read_table(file, size, header.e_shoff, header.e_shnum, sections)) return false;
  return std::ranges::all_of(segments, [&](const auto& s) { return lies_within(s.p_offset, s.p_filesz, size); }) &&
         std::ranges::all_of(sections, [&](const auto& s) {
           return s.sh_type == SHT_NOBITS || lies_within(s.sh_offset, s.sh_size, size);
         });
}

// Empty where the file is a whole shared object of this machine; else what is wrong with it.
std::string elf_problem(const std::filesystem::path& path) {
  std::error_code failed;
  if (path.extension() == ".py")
    return "is a script in Python, not a shared object; name it as settings.file of an instance of "
           "headwind.policy.python or headwind.notifier.python";
  const std::filesystem::file_status status = std::filesystem::status(path, failed);
  if (!std::filesystem::exists(status)) return "does not exist, or nobody may look at it; see whether it was copied";
  if (std::filesystem::is_directory(status)) return "is a directory, not a regular file; name the .so file in it";
  if (!std::filesystem::is_regular_file(status)) return "is not a regular file; copy the plugin to a file of its own";
  const std::uint64_t size = std::filesystem::file_size(path, failed);
  if (failed) return "cannot be read: " + failed.message();
  if (size == 0) return "is empty; copy it again";
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::string("cannot be read: ") + std::strerror(errno);

  Elf64_Ehdr header{};
  file.read(reinterpret_cast<char*>(&header), sizeof header);
  const auto got = static_cast<std::size_t>(file.gcount());
  if (std::memcmp(header.e_ident, ELFMAG, std::min<std::size_t>(got, SELFMAG)) != 0)
    return "is not a shared object: it does not start with an ELF header; name the .so file that the build made";
  if (got < sizeof header) return "is truncated within its ELF header; copy it again";
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_machine != kMachine)
    return "is built for " + machine_name(header.e_machine) +
           (header.e_ident[EI_CLASS] == ELFCLASS64 ? "" : ", 32 bit") + "; build it for " + machine_name(kMachine);
  if (header.e_type != ET_DYN) return "is an ELF file but not a shared object; link it with -shared";
  if (!is_whole(file, size, header)) return "is truncated: its tables name bytes beyond its end; copy it again";
  return {};
}

// The same for the entry, among the symbols that the file exports.
std::string entry_problem(const std::filesystem::path& path) {
  std::vector<std::string> symbols;
  try {
    symbols = boost::dll::library_info(path).symbols();
  } catch (const std::exception& unreadable) {
    return std::string("has a symbol table that cannot be read: ") + unreadable.what();
  }
  if (std::ranges::find(symbols, "hw_entry_v1") != symbols.end()) return {};
  for (const std::string& symbol : symbols) {
    if (symbol.starts_with("hw_entry_v"))
      return "speaks ABI major " + symbol.substr(std::strlen("hw_entry_v")) + "; this host speaks major " +
             std::to_string(HW_ABI_MAJOR) + ": rebuild it with the SDK of this host, or remove it";
  }
  return "exports no hw_entry_v1, so it is not a Headwind plugin; build it with the SDK, as docs/plugins tells";
}

}  // namespace

Result<> inspect(const std::filesystem::path& file) {
  std::string problem = elf_problem(file);
  if (problem.empty()) problem = entry_problem(file);
  if (problem.empty()) return {};
  return make_error(Code::invalid, file.filename().string() + " " + problem);
}

}  // namespace headwind::plugin
