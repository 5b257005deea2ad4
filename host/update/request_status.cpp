// SPDX-License-Identifier: Apache-2.0
#include "update/request_status.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace headwind::update {

using nlohmann::json;

Task<Result<UpdateRequest>> write_status(Context& context, UpdateRequest request, json status) {
  const std::string merge = json({{"status", std::move(status)}}).dump(-1, ' ', false, json::error_handler_t::replace);
  Result<UpdateRequest> stored =
      co_await context.ports.requests.patch_status(request.key, merge, request.resource_version);
  if (stored) store(context, *stored);
  co_return stored;
}

Task<Result<UpdateRequest>> write_status_or_forget(Context& context, UpdateRequest request, json status) {
  Result<UpdateRequest> stored = co_await write_status(context, request, std::move(status));
  if (!stored && stored.error().code == Code::not_found) context.requests.remove(request.key, request.uid);
  co_return stored;
}

Task<Result<>> remove_request(Context& context, UpdateRequest request) {
  context.requests.remove(request.key, request.uid);
  const Result<> removed = co_await context.ports.requests.remove(request.key, request.uid);
  if (removed || removed.error().code == Code::not_found) co_return Result<>{};
  context.requests.put_back(request);
  co_return removed;
}

}  // namespace headwind::update
