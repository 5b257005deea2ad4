// SPDX-License-Identifier: Apache-2.0
#include "app/requests.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "app/rights.hpp"
#include "kube/paths.hpp"

namespace headwind::app {

using nlohmann::json;

Task<Result<update::UpdateRequest>> ClusterRequests::create(update::UpdateRequest request) {
  const std::string path = kube::collection_path(kube::kUpdateRequests, request.key.name_space);
  const Result<std::string> answer = co_await client_->create(path, update::request_to_json(request));
  if (!answer) co_return without_definition(without_our_rights(answer.error()));
  co_return update::request_from_json(*answer);
}

Task<Result<update::UpdateRequest>> ClusterRequests::patch(std::string path, std::string merge,
                                                           std::string expected_version) {
  if (!expected_version.empty()) {
    json body = json::parse(merge);
    body["metadata"]["resourceVersion"] = expected_version;
    merge = body.dump();
  }
  const Result<std::string> answer = co_await client_->merge_patch(std::move(path), std::move(merge));
  if (!answer) co_return without_definition(without_our_rights(answer.error()));
  co_return update::request_from_json(*answer);
}

Task<Result<update::UpdateRequest>> ClusterRequests::patch_spec(update::RequestKey key, std::string merge,
                                                                std::string expected_version) {
  co_return co_await patch(kube::object_path(kube::kUpdateRequests, key.name_space, key.name), std::move(merge),
                           std::move(expected_version));
}

Task<Result<update::UpdateRequest>> ClusterRequests::patch_status(update::RequestKey key, std::string merge,
                                                                  std::string expected_version) {
  co_return co_await patch(kube::object_path(kube::kUpdateRequests, key.name_space, key.name, "status"),
                           std::move(merge), std::move(expected_version));
}

Task<Result<>> ClusterRequests::remove(update::RequestKey key, std::string expected_uid) {
  const json options = {{"apiVersion", "v1"}, {"kind", "DeleteOptions"}, {"preconditions", {{"uid", expected_uid}}}};
  const Result<std::string> answer =
      co_await client_->remove(kube::object_path(kube::kUpdateRequests, key.name_space, key.name), options.dump());
  if (!answer) co_return without_definition(without_our_rights(answer.error()));
  co_return Result<>{};
}

}  // namespace headwind::app
