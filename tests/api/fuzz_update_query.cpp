// SPDX-License-Identifier: Apache-2.0
// What a stranger asks of the list of updates, and of many at once. The first line is a query, the rest a body.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "api/json_body.hpp"
#include "api/update_list.hpp"
#include "api/uri.hpp"

using namespace headwind;

namespace {

update::UpdateRequest stored() {
  update::UpdateRequest request;
  request.key = {"prod", "web-app-1-26-0"};
  request.target_kind = "Deployment", request.target_name = "web", request.container = "app";
  request.current_image = "nginx:1.25.0", request.new_image = "nginx:1.26.0", request.policy = "minor";
  request.json = R"({"apiVersion":"headwind.sh/v1alpha1","kind":"UpdateRequest","metadata":{"name":"web-app-1-26-0"},)"
                 R"("spec":{"targetRef":{"name":"web"},"newImage":"nginx:1.26.0"},"status":{"phase":"Pending"}})";
  return request;
}

void list(std::string_view text) {
  static const update::UpdateRequest request = stored();
  const auto parameters = api::parse_query(text);
  if (!parameters) return;
  const auto query = api::read_list_query(*parameters);
  if (!query) return;
  const api::UpdateList found = api::list_updates(
      [](const update::RequestKey& from, const auto& visit) {
        if (!(request.key < from)) visit(request);
      },
      *query);
  if (!nlohmann::json::accept(found.json)) std::abort();
}

void order(std::string_view text) {
  net::ServerRequest request;
  request.headers.push_back({"Content-Type", "application/json"});
  request.body = text;
  const api::BulkOutcome outcome = api::read_bulk_order(request);
  if (outcome.updates.size() > api::kMostUpdates) std::abort();
  if (outcome.refusal && !nlohmann::json::accept(outcome.refusal->body)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  list(text.substr(0, end));
  order(text.substr(std::min(end + 1, text.size())));
  return 0;
}
