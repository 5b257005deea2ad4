// SPDX-License-Identifier: Apache-2.0
// Method and path to handler. An unknown path is a 404, a known one with another method a 405 with Allow.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "net/server.hpp"

namespace headwind::api {

struct Call {
  net::ServerRequest request;
  TextMap parameters;  // what the pattern's {names} matched, percent-decoded
  TextMap query;       // where the router reads it (Refusals::problems): parameters that the route knows, and no others

  // Empty where the pattern has no such name.
  const std::string& parameter(std::string_view name) const;
  // Empty where the query has no such parameter.
  const std::string& asked(std::string_view name) const;
};
using RouteHandler = std::function<Task<net::ServerResponse>(Call)>;

class Router {
 public:
  enum class Refusals : std::uint8_t {
    empty,     // without a body, as 0.1.x
    problems,  // as problem documents; a query that a route does not know is refused, too
    listed     // the same; a 404 lists what there is, for a port that has no /openapi.json
  };
  explicit Router(Refusals refusals = Refusals::empty) : refusals_(refusals) {}

  // `pattern` is "/updates/{name}/approve": each segment a literal or one {name}, which matches one segment that is
  // not empty. Where two patterns match a path, the one with more literals wins, whatever the method. GET serves HEAD
  // too. `query` names the parameters that it takes: with Refusals::problems any other is 400, since who misspells a
  // filter must not be answered as if there were none.
  using Query = std::vector<std::string_view>;  // of literals: they outlive the router
  void add(std::string method, std::string_view pattern, RouteHandler handler, Query query = {});
  // A route that passes over whatever query it gets: probes add what they like.
  void add_with_any_query(std::string method, std::string_view pattern, RouteHandler handler);

  // `told` is called with each request that gets a 404 or 405 here, on the thread that serves it.
  using RefusalListener = std::function<void(const net::ServerRequest&, unsigned status)>;
  void on_refusal(RefusalListener told) { told_ = std::move(told); }

  Task<net::ServerResponse> route(net::ServerRequest request) const;

  // (method, pattern) in the order of add(): so that a test can compare them with the OpenAPI document.
  std::vector<std::pair<std::string, std::string>> routes() const;

 private:
  struct Segment {
    std::string text;
    bool parameter = false;
  };
  struct Route {
    std::string method, pattern;
    std::vector<Segment> segments;
    std::size_t literals = 0;
    RouteHandler handler;
    Query query;
    bool any_query = false;
  };
  net::ServerResponse refusal(const net::ServerRequest& request, unsigned status, std::string_view sentence) const;
  std::string no_such_path() const;

  Refusals refusals_;
  RefusalListener told_;
  std::vector<Route> routes_;
};

// The handler of a server that this router serves.
net::Handler handler_of(std::shared_ptr<const Router> router);

}  // namespace headwind::api
