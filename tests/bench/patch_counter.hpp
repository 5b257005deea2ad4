// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace headwind::bench {

// Counts the operator's patches of Deployments while the audit log grows, without asking the server anything.
class PatchCounter {
 public:
  explicit PatchCounter(const std::filesystem::path& log, std::uint64_t mark) : file_(log, std::ios::binary) {
    file_.seekg(static_cast<std::streamoff>(mark));
  }
  std::size_t count() {
    file_.clear();
    for (std::string piece; std::getline(file_, piece);) {
      const bool whole = !file_.eof();
      line_ += piece;
      if (!whole) break;
      const auto has = [this](std::string_view text) { return line_.find(text) != std::string::npos; };
      if (has(R"("verb":"patch")") && has(R"("userAgent":"headwind/)") && has(R"("resource":"deployments")") &&
          has(R"("code":200)"))
        ++count_;
      line_.clear();
    }
    return count_;
  }

 private:
  std::ifstream file_;
  std::string line_;
  std::size_t count_ = 0;
};

}  // namespace headwind::bench
