// SPDX-License-Identifier: Apache-2.0
#include "conformance/exports.hpp"

#include <elf.h>

#include <fstream>
#include <string_view>

namespace headwind::conformance {
namespace {

template <class Record>
std::vector<Record> read(std::ifstream& file, std::uint64_t offset, std::size_t count) {
  std::vector<Record> out(count);
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(count * sizeof(Record)));
  return file.good() ? out : std::vector<Record>();
}

bool is_exported(const Elf64_Sym& symbol) {
  const auto binding = ELF64_ST_BIND(symbol.st_info);
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS && binding != STB_LOCAL &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

std::vector<std::string> names(std::ifstream& file, const Elf64_Shdr& table, const Elf64_Shdr& texts) {
  std::vector<std::string> out;
  const std::vector<char> text = read<char>(file, texts.sh_offset, texts.sh_size);
  for (const Elf64_Sym& symbol : read<Elf64_Sym>(file, table.sh_offset, table.sh_size / sizeof(Elf64_Sym))) {
    if (!is_exported(symbol) || symbol.st_name >= text.size()) continue;
    const std::string_view rest(text.data() + symbol.st_name, text.size() - symbol.st_name);
    const std::string_view name = rest.substr(0, rest.find('\0'));
    if (!name.empty() && name != "hw_entry_v1") out.emplace_back(name);
  }
  return out;
}

}  // namespace

std::vector<std::string> other_exports(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<Elf64_Ehdr> header = read<Elf64_Ehdr>(file, 0, 1);
  if (header.empty()) return {};
  const std::vector<Elf64_Shdr> sections = read<Elf64_Shdr>(file, header[0].e_shoff, header[0].e_shnum);
  for (const Elf64_Shdr& section : sections)
    if (section.sh_type == SHT_DYNSYM && section.sh_link < sections.size())
      return names(file, section, sections[section.sh_link]);
  return {};
}

}  // namespace headwind::conformance
