// SPDX-License-Identifier: Apache-2.0
// A server's answer, from bytes to net::Response. Inner header of net/: it includes Beast.
#pragma once
#include <boost/beast/http/basic_parser.hpp>
#include <functional>
#include <optional>
#include <string_view>

#include "net/http.hpp"
#include "net/parse.hpp"

namespace headwind::net {

// Takes the body of a 2xx answer.
struct BodySink {
  // A piece, with the head of the answer; false: enough.
  std::function<bool(const Response& head, std::string_view piece)> take;
  bool endless = false;  // no limit counts
};

class ResponseParser final : public boost::beast::http::basic_parser<false> {
 public:
  // A null `sink`, or a status other than 2xx, collects the body in `into`.
  ResponseParser(Response& into, const MessageLimits& limits, bool to_head_request, const BodySink* sink);
  bool stopped() const { return stopped_; }
  bool in_chunk_head = false;  // advance()'s own

 private:
  using Field = boost::beast::http::field;
  using Text = boost::beast::string_view;
  using ErrorCode = boost::beast::error_code;
  void on_request_impl(boost::beast::http::verb, Text, Text, int, ErrorCode&) override {}
  void on_response_impl(int code, Text reason, int version, ErrorCode& failure) override;
  void on_field_impl(Field field, Text name, Text value, ErrorCode& failure) override;
  void on_header_impl(ErrorCode&) override { head_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override;
  std::size_t on_body_impl(Text body, ErrorCode& failure) override;
  void on_chunk_header_impl(std::uint64_t, Text, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, ErrorCode& failure) override;
  void on_finish_impl(ErrorCode&) override {}

  Response& into_;
  const BodySink* sink_;
  MessageLimits limits_;
  std::size_t header_left_;
  bool head_done_ = false;
  bool stopped_ = false;
};

// Reads one final answer, skipping those of status 1xx: the same code for the network and for the fuzzer.
class ResponseReader {
 public:
  ResponseReader(ByteBuffer& buffer, const MessageLimits& limits, bool to_head_request, const BodySink* sink = nullptr);
  // Takes what is in the buffer. Throws only what the sink throws.
  Progress advance();
  // The peer closed the connection: may the message end so?
  Progress finish();
  bool head_done() const { return parser_ && parser_->is_header_done(); }
  bool keep_alive() const { return parser_->keep_alive() && buffer_.size() == 0; }
  const boost::system::error_code& failure() const { return failure_; }
  Response& response() { return response_; }

 private:
  void restart();
  ByteBuffer& buffer_;
  MessageLimits limits_;
  bool to_head_request_;
  const BodySink* sink_;
  Response response_;
  std::optional<ResponseParser> parser_;
  int interim_ = 0;
  boost::system::error_code failure_;
};

}  // namespace headwind::net
