// SPDX-License-Identifier: Apache-2.0
#include "net/response_parser.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"

namespace headwind::net {
namespace http = boost::beast::http;

namespace {

constexpr int max_interim = 16;  // answers of status 1xx before the final one

// Lists of an API server are long and come in chunks that do not tell how long. What is reserved and not used costs
// address space, no memory, and copying a body while it grows costs more than reading it.
void make_room(std::string& body, std::size_t more) {
  constexpr std::size_t long_body = 64U << 10U;
  const std::size_t needed = body.size() + more;
  if (needed > body.capacity() && needed > long_body) body.reserve(4 * needed);
}

}  // namespace

ResponseParser::ResponseParser(Response& into, const MessageLimits& limits, bool to_head_request, const BodySink* sink)
    : into_(into), sink_(sink), limits_(limits), header_left_(limits.header) {
  eager(true);
  header_limit(static_cast<std::uint32_t>(limits.header));
  body_limit(limits.body);
  skip(to_head_request);
}

void ResponseParser::on_response_impl(int code, Text, int, ErrorCode& failure) {
  if (code == 101) failure = http::error::bad_status;  // we never ask for an upgrade
  into_.status = static_cast<unsigned>(code);
  if (code / 100 != 2 && std::exchange(sink_, nullptr) != nullptr)
    body_limit(std::min<std::uint64_t>(limits_.body, MessageLimits{}.body));  // it is held after all
  if (sink_ != nullptr && sink_->endless) body_limit(boost::none);
}

void ResponseParser::on_field_impl(Field field, Text name, Text value, ErrorCode& failure) {
  if (head_done_) return;  // a trailer: nothing that we use
  const std::size_t size = name.size() + value.size() + 4;
  if (size > header_left_) {
    failure = http::error::header_limit;
    return;
  }
  header_left_ -= size;
  // Beast takes any other coding as a body up to the end of the connection, still encoded.
  if (field == Field::transfer_encoding && !equals_ignoring_case(trim(value), "chunked"))
    failure = http::error::bad_transfer_encoding;
  into_.headers.push_back({std::string(name), std::string(value)});
}

void ResponseParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) {
  constexpr std::uint64_t trusted = 1U << 20U;  // what a peer may make us reserve by its word alone
  if (length && sink_ == nullptr) into_.body.reserve(std::min(*length, trusted));
}

std::size_t ResponseParser::on_body_impl(Text body, ErrorCode& failure) {
  if (sink_ == nullptr) {
    make_room(into_.body, body.size());
    into_.body.append(body.data(), body.size());
  } else if (!sink_->take(into_, {body.data(), body.size()})) {
    stopped_ = true;
    failure = http::error::end_of_stream;
  }
  return body.size();
}

std::size_t ResponseParser::on_chunk_body_impl(std::uint64_t, Text body, ErrorCode& failure) {
  return on_body_impl(body, failure);
}

ResponseReader::ResponseReader(ByteBuffer& buffer, const MessageLimits& limits, bool to_head_request,
                               const BodySink* sink)
    : buffer_(buffer), limits_(limits), to_head_request_(to_head_request), sink_(sink) {
  restart();
}

void ResponseReader::restart() {
  response_ = {};
  parser_.emplace(response_, limits_, to_head_request_, sink_);
}

Progress ResponseReader::advance() {
  for (;;) {
    const Progress progress = net::advance(*parser_, buffer_, limits_.header, failure_);
    if (progress != Progress::done || response_.status / 100 != 1) return progress;
    if (++interim_ > max_interim) {
      failure_ = http::error::bad_status;
      return Progress::failed;
    }
    restart();
  }
}

Progress ResponseReader::finish() {
  if (parser_->got_some()) {
    parser_->put_eof(failure_);
  } else {
    failure_ = http::error::end_of_stream;
  }
  return failure_ ? Progress::failed : Progress::done;
}

}  // namespace headwind::net
