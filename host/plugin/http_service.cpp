// SPDX-License-Identifier: Apache-2.0
// HTTP for plugins: the request travels to the io thread, the worker waits, and the answer is handed to the plugin's
// callbacks on the worker's own thread: in pieces while it arrives where the plugin allows more than the usual 16 MiB,
// else once it is there.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "core/cloud_registry.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "net/url.hpp"
#include "plugin/abi.hpp"
#include "plugin/frame.hpp"
#include "plugin/http_reply.hpp"
#include "plugin/instance.hpp"
#include "plugin/services.hpp"
#include "telemetry/http_span.hpp"

namespace headwind::plugin {
namespace {

constexpr std::size_t kMaxUrl = 8192, kMaxHeaders = 128, kMaxHeader = 16U << 10U, kMaxBody = 16U << 20U;
constexpr std::uint64_t kMaxReply = 64U << 20U;  // of a plugin that asks for more than the usual 16 MiB
constexpr std::size_t kChunk = 64U << 10U;

// "registry.example.com:5000", without the port that the scheme implies; empty where the URL is none.
std::string authority(const std::string& url) {
  const Result<net::Url> parsed = net::parse_url(url);
  return parsed ? parsed->authority : std::string();
}

// Of a registry's URL the path may be shown; a notifier's may be a secret. Queries are never shown.
Task<Result<net::Response>> send(std::shared_ptr<net::Client> http, net::Request request, bool show_path,
                                 std::shared_ptr<HttpReply> reply) {
  const Result<net::Url> url = net::parse_url(request.url);
  const std::string origin = url ? url->origin() : std::string();
  const std::string path = url && show_path ? url->target.substr(0, url->target.find('?')) : std::string();
  telemetry::HttpClientSpan span({request.method, origin, path});
  net::BodyFlow flow;
  if (request.max_body > net::Request{}.max_body) {
    flow.take = [reply](const net::Response& head, std::string_view piece) { return reply->put(head, piece); };
    flow.room = [reply, deadline = std::chrono::steady_clock::now() + request.timeout] {
      return reply->room(deadline);
    };
  }
  Result<net::Response> answer = co_await http->send(std::move(request), std::move(flow));
  if (answer)
    span.answered(answer->status);
  else
    span.failed(answer.error());
  co_return answer;
}

// `tell` hears of the answer first: what it learns counts for the very next call. Only of one that its plugin has left
// early it hears at the next read.
Task<> fetch(std::weak_ptr<net::Client> client, net::Request request, std::shared_ptr<HttpReply> reply,
             AnswerListener tell, RegistryRequest asked, LocalValue local) {
  const std::shared_ptr<net::Client> http = client.lock();
  Result<net::Response> answer = make_error(Code::cancelled, "the host is stopping");
  if (http != nullptr) {
    const LocalScope scope(std::move(local));
    answer = co_await send(http, std::move(request), !asked.host.empty(), reply);
  }
  if (tell && http != nullptr && !asked.host.empty()) tell(asked, answer);
  reply->settle(std::move(answer));
}

bool is_token(hw_str text) {
  return text.len > 0 && is_name(text) && std::ranges::all_of(view(text), [](char c) {
           return c > ' ' && c < 0x7f && std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
         });
}

std::string authorization(const std::string& secret) {
  if (secret.starts_with("Basic ") || secret.starts_with("Bearer ")) return secret;
  if (secret.find(':') != std::string::npos) return "Basic " + base64_encode(secret);
  return "Bearer " + secret;
}

class Builder {
 public:
  Builder(Frame& frame, const hw_call& call, const hw_http_request& from) : frame_(frame), call_(call), from_(from) {}

  hw_status build(net::Request& out) {
    if (!is_token(from_.method)) return refuse("the method is not one");
    // Whoever forgets to look at HW_CALL_DRY_RUN changes nothing all the same.
    if (frame_.instance().runtime().dry_run && view(from_.method) != "GET" && view(from_.method) != "HEAD")
      return refuse("the call is a dry run, in which only GET and HEAD are sent; look at HW_CALL_DRY_RUN");
    if (from_.url.len == 0 || !is_name(from_.url, kMaxUrl)) return refuse("the URL is not one");
    if (from_.flags != 0) return refuse("it sets flags that this host does not know");
    if (from_.body.len > kMaxBody) return refuse("the body is too long");
    if (from_.header_count > kMaxHeaders || (from_.header_count > 0 && from_.headers == nullptr))
      return refuse("there are too many headers");
    out.method = view(from_.method);
    out.url = view(from_.url);
    out.body = view(from_.body);
    // A plugin may lend its call with a nearer deadline, for one exchange of several.
    const std::chrono::milliseconds asked(call_.deadline_ms - system_clock().mono_ms());
    out.timeout = std::min(frame_.left(), std::max(asked, std::chrono::milliseconds(1)));
    if (from_.max_body != 0) out.max_body = std::min<std::uint64_t>(from_.max_body, kMaxReply);
    for (std::size_t i = 0; i < from_.header_count; ++i) {
      const hw_kv& header = from_.headers[i];
      if (!is_token(header.key) || !is_header_value(header.value)) return refuse("a header is malformed");
      out.headers.push_back({std::string(view(header.key)), std::string(view(header.value))});
    }
    origin_ = authority(out.url);
    return apply_peer(out);
  }
  // Once built: who is asked, as peers are named.
  const std::string& origin() const { return origin_; }

 private:
  static bool is_header_value(hw_str value) {
    return value.len <= kMaxHeader && (value.ptr != nullptr || value.len == 0) &&
           view(value).find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
  }

  hw_status refuse(std::string_view why) {
    return frame_.note(HW_INVALID, "its HTTP request was refused: " + std::string(why));
  }

  // Whether this call is made as who this process is in the cloud that the host asked is of.
  bool shows_identity() const {
    const hw_credential* lent = frame_.credential();
    const std::string_view cloud = cloud_of_registry(origin_);
    return lent != nullptr && !cloud.empty() && view(lent->identity) == "cloud:" + std::string(cloud);
  }

  hw_status apply_peer(net::Request& out) {
    if (auto tls = frame_.instance().runtime().peers.tls_of(origin_)) out.tls = std::move(tls);
    if (auto own = frame_.tls(); own && is_registry()) out.tls = std::move(own);
    if (out.tls != nullptr && out.tls->insecure && shows_identity())
      return frame_.note(HW_DENIED, "Headwind's own identity in a cloud is not shown to " + origin_ +
                                        ", whose certificate is not verified: remove insecure from its entry in "
                                        "registries, or name its authority there with caFile");
    const std::string name(view(from_.credential));
    if (name.empty()) return HW_OK;
    const auto& secrets = frame_.instance().config().secrets;
    if (const auto secret = secrets.find(name); secret != secrets.end()) {
      authorize(out, secret->second);
    } else if (name != "pull") {
      return frame_.note(HW_DENIED,
                         "its configuration grants no secret named \"" + printable(name, HW_MAX_NAME) + "\"");
    } else if (origin_ == frame_.registry_host()) {
      if (const hw_credential* pull = frame_.credential(); pull != nullptr && pull->username.len != 0)
        authorize(out, std::string(view(pull->username)) + ":" + std::string(view(pull->password)));
    }
    return HW_OK;
  }

  // The host of the call's repository, however its port and case are written there.
  bool is_registry() const { return authority("https://" + std::string(frame_.registry_host())) == origin_; }

  static void authorize(net::Request& out, const std::string& secret) {
    std::erase_if(out.headers, [](const net::Header& h) { return equals_ignoring_case(h.name, "Authorization"); });
    out.headers.push_back({"Authorization", authorization(secret)});
  }

  Frame& frame_;
  const hw_call& call_;
  const hw_http_request from_;
  std::string origin_;
};

hw_status deliver_head(const net::Response& response, const hw_http_reply& reply) {
  if (reply.head == nullptr) return HW_OK;
  std::vector<std::string> names;  // in lower case, as promised
  names.reserve(response.headers.size());
  std::vector<hw_kv> headers;
  for (const net::Header& header : response.headers) {
    names.push_back(to_lower(header.name));
    headers.push_back({lend(names.back()), lend(header.value)});
  }
  return reply.head(reply.ctx, static_cast<std::int32_t>(response.status), headers.data(), headers.size());
}

hw_status deliver_body(std::string_view body, const hw_http_reply& reply) {
  if (reply.body == nullptr) return HW_OK;
  for (; !body.empty(); body.remove_prefix(std::min(kChunk, body.size())))
    if (const hw_status status = reply.body(reply.ctx, lend(body.substr(0, kChunk))); status != HW_OK) return status;
  return HW_OK;
}

// Whatever the plugin does to the thread that waits, the other side learns that nobody reads any more.
class Reader {
 public:
  explicit Reader(HttpReply& arriving) : arriving_(arriving) {}
  ~Reader() { arriving_.leave(); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Hands over what arrives until it has ended, the plugin wants no more, or its time has passed.
  hw_status deliver(Frame& frame, const hw_http_reply& reply) {
    for (bool begun = false;;) {
      const std::optional<HttpReply::Part> part = arriving_.next(frame);
      if (!part) return frame.note(HW_CANCELLED, "the deadline passed while it waited for an HTTP answer");
      hw_status status = HW_OK;
      if (part->head) status = deliver_head(*part->head, reply);
      begun = begun || part->head;
      if (status == HW_OK) status = deliver_body(part->bytes, reply);
      if (!part->end || status != HW_OK) {
        if (frame.cancelled()) return frame.note(HW_CANCELLED, "the deadline passed while it read an HTTP answer");
        if (status != HW_OK) return status;
        continue;
      }
      const Result<net::Response>& end = *part->end;
      if (!end) return frame.note(to_status(end.error().code), printable(end.error().message));
      if (begun) return HW_OK;
      status = deliver_head(*end, reply);
      return status != HW_OK ? status : deliver_body(end->body, reply);
    }
  }

 private:
  HttpReply& arriving_;
};

}  // namespace

hw_status exchange(Frame& frame, const hw_call& call, const hw_http_request* request, const hw_http_reply* reply) {
  if (!is_sized(request) || !is_sized(reply)) return HW_INVALID;
  frame.forget_note();
  net::Request built;
  Builder builder(frame, call, known(*request));
  if (const hw_status status = builder.build(built); status != HW_OK) return status;
  if (frame.cancelled()) return frame.note(HW_CANCELLED, "the deadline passed before the HTTP request");

  const Runtime& runtime = frame.instance().runtime();
  const auto arriving = std::make_shared<HttpReply>(runtime.loop);
  RegistryRequest asked{std::string(frame.registry_host()), builder.origin(), traits(frame.function()).name};
  const bool running =
      runtime.loop->run([http = runtime.http, built = std::move(built), arriving, tell = runtime.on_answer,
                         asked = std::move(asked), local = frame.local](const Executor& executor) {
        spawn(executor, "HTTP for a plugin", fetch(http, built, arriving, tell, asked, local));
      });
  if (!running) return frame.note(HW_CANCELLED, "the host is stopping");
  return Reader(*arriving).deliver(frame, known(*reply));
}

}  // namespace headwind::plugin
