// SPDX-License-Identifier: Apache-2.0
#include "net/request_parser.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace headwind::net {
namespace http = boost::beast::http;

namespace {
constexpr std::size_t usual_headers = 12;
}

RequestParser::RequestParser(ServerRequest& into, const MessageLimits& limits)
    : into_(into), header_left_(limits.header) {
  eager(true);
  header_limit(static_cast<std::uint32_t>(limits.header));
  body_limit(limits.body);
}

void RequestParser::on_request_impl(http::verb, Text method, Text target, int version, ErrorCode& failure) {
  http10_ = version == 10;
  into_.method.assign(method.data(), method.size());
  std::string_view rest(target.data(), target.size());
  if (rest.size() + method.size() > header_left_) {
    failure = http::error::header_limit;
    return;
  }
  header_left_ -= rest.size() + method.size();
  if (!rest.starts_with('/') && rest != "*") {
    // The absolute form, as for a proxy: RFC 9112 asks every server to take it.
    const std::size_t scheme = rest.starts_with("http://") ? 7 : rest.starts_with("https://") ? 8 : 0;
    if (scheme == 0) {
      failure = http::error::bad_target;
      return;
    }
    const std::size_t path = rest.find_first_of("/?", scheme);
    rest = path == std::string_view::npos ? std::string_view("/") : rest.substr(path);
  }
  rest = rest.substr(0, rest.find('#'));
  const std::size_t mark = rest.find('?');
  into_.path.assign(rest.substr(0, mark));
  if (into_.path.empty()) into_.path = "/";
  if (mark != std::string_view::npos) into_.query.assign(rest.substr(mark + 1));
}

void RequestParser::on_field_impl(Field field, Text name, Text value, ErrorCode& failure) {
  if (head_done_) return;  // a trailer: nothing that we use
  const std::size_t size = name.size() + value.size() + 4;
  if (size > header_left_) {
    failure = http::error::header_limit;
    return;
  }
  header_left_ -= size;
  if (field == Field::host) ++hosts_;
  if (field == Field::expect && !http10_) expects_continue_ = equals_ignoring_case(value, "100-continue");
  // Beast would take a request in any other coding as one without a body, and its body as the next request.
  if (field == Field::transfer_encoding && (http10_ || !equals_ignoring_case(trim(value), "chunked")))
    failure = http::error::bad_transfer_encoding;
  if (into_.headers.empty()) into_.headers.reserve(usual_headers);
  into_.headers.push_back({std::string(name), std::string(value)});
}

void RequestParser::on_header_impl(ErrorCode& failure) {
  head_done_ = true;
  if (hosts_ > 1 || (hosts_ == 0 && !http10_)) failure = http::error::bad_field;
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) {
  constexpr std::uint64_t trusted = 64U << 10U;  // what a peer may make us reserve by its word alone
  if (length) into_.body.reserve(std::min(*length, trusted));
}

std::size_t RequestParser::on_body_impl(Text body, ErrorCode&) {
  into_.body.append(body.data(), body.size());
  return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, ErrorCode& failure) {
  return on_body_impl(body, failure);
}

void RequestReader::start() {
  request_ = {};
  failure_.clear();
  parser_.emplace(request_, limits_);
}

unsigned RequestReader::status_of_failure() const {
  if (failure_ == http::error::body_limit) return 413;
  if (failure_ == http::error::header_limit || failure_ == http::error::buffer_overflow) return 431;
  if (failure_ == http::error::bad_version) return 505;
  return 400;
}

}  // namespace headwind::net
