// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/call_index_transport.hpp"

#include <exception>
#include <vector>

namespace headwind::registries::helm {
namespace {

// What the host's callbacks write to. Exceptions wait until the host's frames are behind us.
struct Reply {
  const hw::call& call;
  const OnBody& on_body;
  Response response{};
  bool has_enough = false;
  std::exception_ptr thrown{};

  hw_status take(std::string_view piece) {
    if (call.cancelled()) return HW_CANCELLED;
    if (response.status != 200 || on_body(piece)) return HW_OK;
    has_enough = true;
    return HW_CANCELLED;
  }
  static hw_status head(void* ctx, std::int32_t status, const hw_kv* rows, std::size_t count) noexcept {
    auto& self = *static_cast<Reply*>(ctx);
    try {
      self.response.status = status;
      for (std::size_t i = 0; i < count; ++i)
        self.response.headers.emplace_back(hw::view(rows[i].key), hw::view(rows[i].value));
      return HW_OK;
    } catch (...) {
      self.thrown = std::current_exception();
      return HW_INTERNAL;
    }
  }
  static hw_status body(void* ctx, hw_str piece) noexcept {
    auto& self = *static_cast<Reply*>(ctx);
    try {
      return self.take(hw::view(piece));
    } catch (...) {
      self.thrown = std::current_exception();
      return HW_INTERNAL;
    }
  }
};

}  // namespace

Outcome<Response> CallIndexTransport::stream(const Request& request, const OnBody& on_body) {
  const auto* service = call_.host().require<hw_http>(HW_SERVICE_HTTP);
  std::vector<hw_kv> rows;
  rows.reserve(request.headers.size());
  for (const auto& [key, value] : request.headers) rows.push_back({hw::str(key), hw::str(value)});
  const hw_http_request raw{sizeof(hw_http_request), 0,           hw::str(request.method),
                            hw::str(request.url),    rows.data(), rows.size(),
                            hw::str(request.body),   hw_str{},    request.max_body};
  Reply reply{call_, on_body};
  const hw_http_reply sink{sizeof(hw_http_reply), 0, &reply, &Reply::head, &Reply::body};
  const hw_status status = service->exchange(call_.raw(), &raw, &sink);
  if (reply.thrown) std::rethrow_exception(reply.thrown);
  if (status != HW_OK && !reply.has_enough) return Failure{status, "no answer", 0};
  return std::move(reply.response);
}

bool CallIndexTransport::is_out_of_time() {
  constexpr std::chrono::milliseconds to_say_so(500);
  return call_.cancelled() || call_.remaining() < to_say_so;
}

void CallIndexTransport::note(std::string_view url, const ChartIndex& index) {
  call_.host().debug("read an index of charts", {{"repository", url},
                                                 {"charts", index.charts()},
                                                 {"entries", index.entries()},
                                                 {"left_out", index.left_out()},
                                                 {"first_left_out", index.left_out_first()}});
}

}  // namespace headwind::registries::helm
