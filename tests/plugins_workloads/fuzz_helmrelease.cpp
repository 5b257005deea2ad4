// SPDX-License-Identifier: Apache-2.0
// One JSON document per line, the HelmRelease and then its sources, from anywhere: slots are bounded and lead into the
// object, the verdict is one bounded sentence of UTF-8.
#include <cstdint>
#include <cstdlib>

#include "workloads/helmrelease/release_rollout.hpp"
#include "workloads/helmrelease/slots.hpp"

namespace workloads = headwind::workloads;

namespace {

void read_slots(std::string_view object, const workloads::Objects& related) {
  workloads::Value root;
  std::string error;
  if (!workloads::parse_object(object, root, error)) {
    if (error.empty()) std::abort();
    return;
  }
  std::vector<hw::image> found;
  workloads::read_values(root, found);
  workloads::read_chart(workloads::read_release(root), related, found);
  for (const hw::image& image : found)
    if (image.slot.empty() || image.pointer.front() != '/' || image.reference.size() > 4096) std::abort();
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
  read_slots(object, lines);
  workloads::Rollout out;
  std::string error;
  if (!workloads::read_release_rollout(object, lines, out, error)) {
    if (error.empty()) std::abort();
    return 0;
  }
  if (out.reason.empty() || out.reason.size() > 512) std::abort();
  if (!simdjson::validate_utf8(out.reason.data(), out.reason.size())) std::abort();
  return 0;
}
