// SPDX-License-Identifier: Apache-2.0
// A registry that reads long replies: it resolves a tag by reading <endpoint>/<tag>, counts what it was handed in
// long_read, and goes no further while long_held is set and its call lasts. Of the tag "enough" it wants one chunk, of
// "throw" it throws the first one back.
#include <atomic>
#include <cstdint>
#include <ctime>
#include <stdexcept>
#include <string>

#include "module.h"

extern "C" {
// Found by the tests with dlsym.
HW_EXPORT std::atomic<int> long_held{0};
HW_EXPORT std::atomic<std::size_t> long_read{0}, long_heads{0};
}

namespace {

struct Reply {
  const hw_call* call;
  bool one_chunk, throws;
  int status = 0;
};

hw_str lend(const std::string& text) { return {text.data(), text.size()}; }

hw_status head(void* ctx, std::int32_t status, const hw_kv*, std::size_t) {
  static_cast<Reply*>(ctx)->status = status;
  ++long_heads;
  return HW_OK;
}

hw_status body(void* ctx, hw_str chunk) {
  const auto& reply = *static_cast<Reply*>(ctx);
  if (reply.status == 200) long_read += chunk.len;
  const timespec millisecond{0, 1'000'000};
  while (long_held != 0 && reply.call->host->cancelled(reply.call) == 0) nanosleep(&millisecond, nullptr);
  if (reply.throws) throw std::runtime_error("thrown out of a callback");
  return reply.one_chunk ? HW_CANCELLED : HW_OK;
}

hw_status resolve(void* self, const hw_call* call, hw_str, hw_str tag, hw_str, const hw_registry_sink* out) {
  const auto* http = static_cast<const hw_http*>(call->host->service(call->host, HW_SERVICE_HTTP));
  if (http == nullptr) return HW_UNSUPPORTED;
  const std::string name(tag.ptr, tag.len);
  const std::string settings = static_cast<instance*>(self)->config, method = "GET";
  const std::size_t at = settings.find("http://");
  const std::string url = settings.substr(at, settings.find('"', at) - at) + "/" + name;
  hw_http_request request{};
  request.struct_size = sizeof request;
  request.method = lend(method);
  request.url = lend(url);
  request.max_body = 64U << 20U;
  Reply reply{call, name == "enough", name == "throw"};
  const hw_http_reply sink{sizeof(hw_http_reply), 0, &reply, head, body};
  const hw_status status = http->exchange(call, &request, &sink);
  if (status != HW_OK && !(reply.one_chunk && status == HW_CANCELLED)) return status;
  if (reply.status == 404) return HW_NOT_FOUND;
  const std::string digest = "sha256:" + std::string(64, 'c');
  hw_artifact artifact{};
  artifact.struct_size = sizeof artifact;
  artifact.digest = lend(digest);
  return out->artifact(out->ctx, &artifact);
}

const char* const needs[] = {HW_SERVICE_HTTP, nullptr};
hw_status list_tags(void*, const hw_call*, hw_str, const hw_registry_sink*) { return HW_UNSUPPORTED; }
hw_status parse_webhook(void*, const hw_call*, const hw_kv*, std::size_t, hw_str, const hw_registry_sink*) {
  return HW_UNSUPPORTED;
}
const hw_registry_api api{sizeof(hw_registry_api), 0, list_tags, resolve, parse_webhook, nullptr};
STATIC_PLUGIN(plugin, HW_KIND_REGISTRY, "test.registry.long", "{\"type\":\"object\"}", needs, &api)

}  // namespace

STATIC_MODULE(plugin)
