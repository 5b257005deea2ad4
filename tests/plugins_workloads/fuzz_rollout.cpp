// SPDX-License-Identifier: Apache-2.0
// One JSON document per line, the object and then its companions, from anywhere: every verdict is one bounded sentence
// of UTF-8.
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "workloads/core/rollout.hpp"

namespace workloads = headwind::workloads;

namespace {

using Reader = bool (*)(std::string_view, const workloads::Companions&, workloads::Rollout&, std::string&);

workloads::Rollout judge(Reader reader, std::string_view object, const std::vector<std::string_view>& companions) {
  workloads::Companions found;
  for (const auto one : companions) found.add(one);
  workloads::Rollout out;
  std::string error;
  if (!reader(object, found, out, error)) {
    if (error.empty()) std::abort();
    return out;
  }
  if (out.reason.empty() || out.reason.size() > 512 || out.ready < 0 || out.wanted < 0) std::abort();
  if (!simdjson::validate_utf8(out.reason.data(), out.reason.size())) std::abort();
  if (out.state < workloads::State::running || out.state > workloads::State::held) std::abort();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string_view> lines;
  for (std::string_view rest(reinterpret_cast<const char*>(data), size);;) {
    const std::size_t end = rest.find('\n');
    lines.push_back(rest.substr(0, end));
    if (end == rest.npos) break;
    rest.remove_prefix(end + 1);
  }
  const std::string_view object = lines.front();
  lines.erase(lines.begin());
  for (const Reader reader :
       {workloads::read_deployment_rollout, workloads::read_statefulset_rollout, workloads::read_daemonset_rollout})
    judge(reader, object, lines);
  return 0;
}
