// SPDX-License-Identifier: Apache-2.0
// Lines of an audit file that anybody may have written: never a crash; and what passes is written as Headwind does.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "telemetry/audit_chain.hpp"

using headwind::telemetry::AuditVerifier;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto source = (data[0] & 1U) != 0 ? AuditVerifier::Source::file : AuditVerifier::Source::stream;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  AuditVerifier verifier(source);
  verifier.begin("a");
  std::uint64_t lines = 0;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    verifier.read(rest.substr(0, end), end != std::string_view::npos);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (++lines == 3) verifier.begin("b");
  }
  verifier.end();
  if (verifier.entries() + verifier.others() > lines) std::abort();
  if (verifier.broken() && (verifier.broken()->line == 0 || verifier.broken()->sentence.empty())) std::abort();
  if (verifier.entries() > 0 && verifier.head().hash.size() != 64) std::abort();
  return 0;
}
