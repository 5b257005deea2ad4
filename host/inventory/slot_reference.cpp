// SPDX-License-Identifier: Apache-2.0
#include "inventory/slot_reference.hpp"

#include "core/chart_reference.hpp"

namespace headwind::inventory {
namespace {

// In the HelmRelease stands the version; in an OCIRepository, and in an index, what the registry itself says.
bool has_other_tags(const Slot& slot) { return slot.object.empty() && !is_chart_url(slot.repository.str()); }

// "https://charts.example.com" and "stable/podinfo": so that both together are the repository.
ImageReference of_chart(const Slot& slot) {
  const std::string& repository = slot.repository.str();
  const auto scheme = repository.find("://");
  const auto slash = repository.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  ImageReference reference;
  reference.host = repository.substr(0, slash);
  reference.path = slash == std::string::npos ? std::string() : repository.substr(slash + 1);
  reference.name = reference.path.substr(reference.path.rfind('/') + 1);
  return reference;
}

}  // namespace

Result<ImageReference> read_reference(const Slot& slot, std::string_view text) {
  if (!slot.chart) return parse_image_reference(text);
  ImageReference reference = of_chart(slot);
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || text.substr(0, colon) != reference.name || colon + 1 == text.size())
    return make_error(Code::invalid, std::string(text.substr(0, 300)) + " is no version of the chart " +
                                         reference.name + "; it must be like " + reference.name + ":1.2.3");
  const std::string_view version = text.substr(colon + 1);
  reference.tag = has_other_tags(slot) ? tag_of_version(version) : std::string(version);
  return reference;
}

std::string tag_in(const Slot& slot, std::string_view text) {
  const auto reference = read_reference(slot, text);
  return reference ? reference->tag : std::string();
}

bool is_pinned_form(const Slot& slot, std::string_view text) {
  if (slot.chart || slot.image == text) return false;
  const auto now = parse_image_reference(slot.image), written = parse_image_reference(text);
  return now && written && !now->digest.empty() && written->digest.empty() && now->tag == written->tag &&
         now->repository() == written->repository();
}

bool runs(const Slot& slot, std::string_view text, std::string_view digest) {
  if (slot.image == text) return true;
  return !digest.empty() && slot.image.ends_with(digest) && is_pinned_form(slot, text);
}

std::string write_reference(const Slot& slot, const ImageReference& current, std::string_view tag,
                            std::string_view digest) {
  if (!slot.chart) return with_tag(current, tag, digest);
  return current.name + ":" + (has_other_tags(slot) ? version_of_tag(tag) : std::string(tag));
}

std::string value_of(const Slot& slot, std::string_view text) {
  if (!slot.version_only) return std::string(text);
  if (slot.chart) return std::string(text.substr(text.rfind(':') + 1));
  const auto reference = parse_image_reference(text);
  if (!reference || text.size() <= reference->name.size()) return std::string(text);
  return std::string(text.substr(reference->name.size() + 1));
}

}  // namespace headwind::inventory
