// SPDX-License-Identifier: Apache-2.0
// A client's request, from bytes to net::ServerRequest. Inner header of net/: it includes Beast.
#pragma once
#include <boost/beast/http/basic_parser.hpp>
#include <optional>

#include "net/parse.hpp"
#include "net/server.hpp"

namespace headwind::net {

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(ServerRequest& into, const MessageLimits& limits);
  static constexpr bool stopped() { return false; }
  bool in_chunk_head = false;  // advance()'s own
  bool http10() const { return http10_; }
  bool expects_continue() const { return expects_continue_; }

 private:
  using Field = boost::beast::http::field;
  using Text = boost::beast::string_view;
  using ErrorCode = boost::beast::error_code;
  void on_request_impl(boost::beast::http::verb, Text method, Text target, int version, ErrorCode& failure) override;
  void on_response_impl(int, Text, int, ErrorCode&) override {}
  void on_field_impl(Field field, Text name, Text value, ErrorCode& failure) override;
  void on_header_impl(ErrorCode& failure) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override;
  std::size_t on_body_impl(Text body, ErrorCode&) override;
  void on_chunk_header_impl(std::uint64_t, Text, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, ErrorCode& failure) override;
  void on_finish_impl(ErrorCode&) override {}

  ServerRequest& into_;
  std::size_t header_left_;
  int hosts_ = 0;
  bool http10_ = false;
  bool expects_continue_ = false;
  bool head_done_ = false;
};

// The requests of one connection, one after the other: the same code for the network and for the fuzzer.
class RequestReader {
 public:
  RequestReader(ByteBuffer& buffer, const MessageLimits& limits) : buffer_(buffer), limits_(limits) {}
  void start();
  // Takes what is in the buffer.
  Progress advance() { return net::advance(*parser_, buffer_, limits_.header, failure_); }
  bool started() const { return parser_->got_some(); }
  // Its head is there, its body is not, and the client waits for a word from us.
  bool wants_continue() const { return parser_->is_header_done() && parser_->expects_continue(); }
  bool keep_alive() const { return parser_->keep_alive(); }
  bool http10() const { return parser_->http10(); }
  // The status that says what is wrong: 400, 413, 431 or 505.
  unsigned status_of_failure() const;
  ServerRequest& request() { return request_; }

 private:
  ByteBuffer& buffer_;
  MessageLimits limits_;
  ServerRequest request_;
  std::optional<RequestParser> parser_;
  boost::system::error_code failure_;
};

}  // namespace headwind::net
