// SPDX-License-Identifier: Apache-2.0
#include "registries/core/sender.hpp"

namespace headwind::registries {
namespace {

// "nexus docker-hosted registry.example.com:8082", "*" for all of the sender's repositories.
void add_place(std::vector<Place>& places, std::string_view text) {
  const std::size_t first = text.find(' '), last = text.rfind(' ');
  if (first == std::string_view::npos || first == last) return;
  const std::string_view repository = text.substr(first + 1, last - first - 1);
  places.push_back({std::string(text.substr(0, first)), std::string(repository == "*" ? "" : repository),
                    std::string(text.substr(last + 1))});
}

void set_once(std::string& out, std::string_view value) {
  if (out.empty()) out = value;
}

}  // namespace

WebhookHead read_head(std::size_t count,
                      const std::function<std::pair<std::string_view, std::string_view>(std::size_t)>& row) {
  WebhookHead head;
  for (std::size_t i = 0; i < count; ++i) {
    const auto [name, value] = row(i);
    if (name == "headwind-endpoint") set_once(head.endpoint, value);
    if (name == "headwind-place") add_place(head.places, value);
    for (const std::string_view known : {"x-github-event", "x-gitea-event", "x-forgejo-event"})
      if (name == known) set_once(head.event, value);
    for (const std::string_view known : {"x-github-delivery", "x-gitea-delivery", "x-forgejo-delivery",
                                         "x-nexus-webhook-delivery", "x-goog-pubsub-message-id"})
      if (name == known) set_once(head.delivery, value);
    if (name == "ce-type") set_once(head.ce_type, value);
    if (name == "ce-source") set_once(head.ce_source, value);
    if (name == "ce-id") set_once(head.ce_id, value);
    if (name == "ce-subject") set_once(head.ce_subject, value);
  }
  return head;
}

}  // namespace headwind::registries
