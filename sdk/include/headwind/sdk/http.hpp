// SPDX-License-Identifier: Apache-2.0
// HTTP through the host, which has the connection pool, TLS, proxies, limits, the deadline and the metrics.
// A plugin lists HW_SERVICE_HTTP in `needs` and makes a hw::http in its constructor:
//
//   hw::http http_;  ...  explicit Slack(const hw::call& call) : http_(call) {}
//   http_.post_json(call, url_, body).expect_success("Slack");
#pragma once
#include <headwind/sdk/call.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

namespace hw {

struct http_request {
  std::string method = "GET";
  std::string url;
  header_list headers = {};
  std::string body = {};
  std::string credential = {};  // a granted secret for the host to apply; "pull": its pull credentials for the URL
  std::uint64_t max_body = 0;   // give up on a longer reply; 0: the host's limit
};

struct http_response {
  int status = 0;
  header_list headers = {};
  std::string body = {};

  bool ok() const { return status >= 200 && status < 300; }
  // The first value of this header, the case of the name aside; empty where there is none.
  std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (equals_ignoring_case(key, name)) return value;
    }
    return {};
  }
  // Retry-After in seconds; zero where absent, a date, or absurd.
  std::chrono::seconds retry_after() const {
    const std::string_view text = header("retry-after");
    std::uint32_t seconds = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool valid = failure == std::errc() && end == text.data() + text.size();
    return std::chrono::seconds(valid ? std::min<std::uint32_t>(seconds, 86400) : 0);
  }
  // Throws the hw::error that suits a status outside 200..299. `peer` names the other side in the message; where
  // another try alone does not help, that ends with the remedy. The body is not quoted, since it may hold anything.
  const http_response& expect_success(std::string_view peer,
                                      std::string_view remedy = "check the URL, the token and its permissions") const {
    if (ok()) return *this;
    std::string message = std::string(peer) + " answered with HTTP status " + std::to_string(status);
    if (status == 429) throw error(code::throttled, message).retry_after(retry_after());
    if (status >= 500 || status == 408) throw error(code::unavailable, message).retry_after(retry_after());
    message += ": " + std::string(remedy);
    if (status == 401 || status == 403) throw error(code::denied, message);
    if (status == 404 || status == 410) throw error(code::not_found, message);
    throw error(code::invalid, message);
  }
};

// Scheme and host of a URL, without user, path and query: what may be logged of a URL that holds a token.
inline std::string url_origin(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t start = scheme == std::string_view::npos ? 0 : scheme + 3;
  std::string_view authority = url.substr(start, url.find_first_of("/?#", start) - start);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  return std::string(url.substr(0, start)) + std::string(authority);
}

class http {
 public:
  explicit http(const call& create_call) : service_(create_call.host().require<hw_http>(HW_SERVICE_HTTP)) {}

  // Blocks until the whole reply is here. Any status is an answer; no answer is a hw::error.
  http_response exchange(const call& current, const http_request& request) const {
    std::vector<hw_kv> rows;
    rows.reserve(request.headers.size());
    for (const auto& [key, value] : request.headers) rows.push_back({str(key), str(value)});
    const hw_http_request raw{sizeof(hw_http_request),
                              0,
                              str(request.method),
                              str(request.url),
                              rows.data(),
                              rows.size(),
                              str(request.body),
                              str(request.credential),
                              request.max_body};
    collector collected;
    const hw_http_reply reply{sizeof(hw_http_reply), 0, &collected, &collector::head, &collector::body};
    const hw_status status = service_->exchange(current.raw(), &raw, &reply);
    if (collected.failure) std::rethrow_exception(collected.failure);
    if (status != HW_OK) {
      const hw::code why = status < 0 || status > HW_INTERNAL ? code::internal : static_cast<hw::code>(status);
      throw service_error(
          why, request.method + " " + url_origin(request.url) + " got no answer: " + std::string(to_string(why)));
    }
    return std::move(collected.response);
  }

  http_response get(const call& current, std::string url, header_list headers = {}) const {
    return exchange(current, {.method = "GET", .url = std::move(url), .headers = std::move(headers)});
  }
  http_response post_json(const call& current, std::string url, std::string body, header_list headers = {}) const {
    headers.emplace_back("content-type", "application/json");
    return exchange(current,
                    {.method = "POST", .url = std::move(url), .headers = std::move(headers), .body = std::move(body)});
  }

 private:
  struct collector {  // exceptions wait here until the host's frames are behind us
    http_response response;
    std::exception_ptr failure;

    template <class Step>
    static hw_status guarded(void* ctx, Step step) noexcept {
      auto& self = *static_cast<collector*>(ctx);
      try {
        step(self.response);
        return HW_OK;
      } catch (...) {
        self.failure = std::current_exception();
        return HW_INTERNAL;
      }
    }
    static hw_status head(void* ctx, std::int32_t status, const hw_kv* rows, std::size_t count) noexcept {
      return guarded(ctx, [&](http_response& response) {
        response.status = status;
        for (std::size_t i = 0; i < count; ++i) response.headers.emplace_back(view(rows[i].key), view(rows[i].value));
      });
    }
    static hw_status body(void* ctx, hw_str chunk) noexcept {
      return guarded(ctx, [&](http_response& response) { response.body.append(view(chunk)); });
    }
  };

  const hw_http* service_;
};

}  // namespace hw
