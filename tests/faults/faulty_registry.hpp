// SPDX-License-Identifier: Apache-2.0
// A registry with token authentication that answers well, but for one request, where it plays a fault.
#pragma once
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "net/certificates.hpp"
#include "net/raw.hpp"

namespace headwind::faults {

using net::test::Tcp;

// The requests that a registry plugin makes, as bits.
enum Spot : unsigned { first_page = 1, later_page = 2, head = 4, get = 8, token = 16 };

struct Answer {
  unsigned status = 200;
  std::string headers;  // each with its line end; Content-Length comes by itself
  std::string body;
  std::string text() const;  // as it goes over the wire
};

// What becomes of the connection once a fault's bytes are said. A connection that is not closed serves on.
enum class Then : std::uint8_t { serve, close, reset, stall, repeat, drip };

// How new connections are received.
enum class Door : std::uint8_t { open, shut, garbage, stranger, other_name };

struct Play {
  Spot spot = first_page;
  Door door = Door::open;  // anything else: for the connection on which the request would have come
  std::function<std::string(const Answer& good)> bytes = nullptr;
  Then then = Then::serve;
  std::string more{};  // said again and again by Then::repeat
};

class FaultyRegistry {
 public:
  FaultyRegistry(boost::asio::io_context& io, const net::test::Authority& authority, bool tls);
  ~FaultyRegistry();

  std::string host() const;      // "127.0.0.1:40123"
  std::string endpoint() const;  // with its scheme
  std::uint16_t port() const { return place_.port(); }
  std::size_t open_connections() const { return lines_.size(); }
  // All that is asked from now on has to go through this. Null: answers well.
  void play(const Play* fault);
  // From now on only clients with a certificate of that authority are let in.
  void want_certificates(const net::test::Authority& authority);
  // Tokens given so far are worth nothing any more.
  void forget_tokens() { ++serial_; }
  // Does it answer HEAD for manifests?
  bool takes_head = true;
  bool takes_anybody = false;      // without a token
  int played = 0;                  // how often the fault was met
  std::vector<std::string> heads;  // of all requests

  static constexpr const char* password = "p4ssw0rd-of-ci";
  static constexpr const char* manifest = R"({"schemaVersion":2})";

 private:
  struct Line;
  Task<> accept();
  Task<> receive(Tcp::socket socket);
  Task<> serve(Line& line);
  Task<> spoil(Line& line, const Answer& good);
  Spot spot_of(const std::string& head) const;
  Answer answer(const std::string& head, Spot spot) const;
  Spot next_of(Spot spot) const;
  void shut();
  void drop_all();

  boost::asio::io_context& io_;
  bool tls_;
  Tcp::endpoint place_;
  std::unique_ptr<Tcp::acceptor> acceptor_;
  boost::asio::ssl::context good_, stranger_, other_name_;
  std::set<Line*> lines_;
  const Play* fault_ = nullptr;
  Door door_ = Door::open;
  int serial_ = 1;
};

}  // namespace headwind::faults
