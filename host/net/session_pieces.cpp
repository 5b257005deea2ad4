// SPDX-License-Identifier: Apache-2.0
// Answers without end of their own, such as watches. Apart from session.cpp, as they alone need parallel waiting.
#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <exception>
#include <variant>

#include "net/session.hpp"
#include "telemetry/log.hpp"

namespace headwind::net {
namespace asio = boost::asio;

// On a connection that serves such an answer the client has nothing to say; whatever arrives is the end.
Task<> Session::peer_gone() {
  ErrorCode ignored;
  co_await stream_.socket().async_wait(Stream::Tcp::socket::wait_read,
                                       asio::redirect_error(asio::use_awaitable, ignored));
}

Task<bool> Session::write_pieces(const ServerResponse& response, const ResponseFrame& frame) {
  using asio::experimental::awaitable_operators::operator||;
  try {
    for (;;) {
      phase_ = Phase::handling;
      deadline_ = TimePoint::max();
      std::variant<std::string, std::monostate> first = co_await (response.next_piece() || peer_gone());
      if (first.index() != 0 || listener_->closed()) co_return false;
      const std::string& piece = std::get<0>(first);
      out_.clear();
      if (frame.http10) {
        out_ = piece;
      } else {
        std::array<char, 24> size{};
        const auto end = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16).ptr;
        out_.append(size.data(), end).append("\r\n").append(piece).append("\r\n");  // an empty piece is the last chunk
      }
      const bool written = co_await write(out_);
      if (!written || piece.empty()) co_return written;
    }
  } catch (const std::exception& bug) {
    telemetry::error("net", "an answer in pieces failed", {{"peer", peer_}, {"error", bug.what()}});
  }
  co_return false;
}

}  // namespace headwind::net
