// SPDX-License-Identifier: Apache-2.0
#include "api/router.hpp"

#include <algorithm>

#include "api/query.hpp"
#include "api/response.hpp"
#include "api/uri.hpp"
#include "telemetry/span.hpp"

namespace headwind::api {
namespace {

// Takes the next "/segment" off `path`; false at its end.
bool next_segment(std::string_view& path, std::string_view& segment) {
  if (path.empty() || path.front() != '/') return false;
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  segment = path.substr(0, end);
  path.remove_prefix(end);
  return true;
}

template <class Segments>
bool matches(const Segments& segments, std::string_view path) {
  std::string_view part;
  for (const auto& segment : segments) {
    if (!next_segment(path, part)) return false;
    if (segment.parameter ? part.empty() : part != segment.text) return false;
  }
  return path.empty();
}

const std::string& text_in(const TextMap& map, std::string_view name) {
  static const std::string none;
  const auto found = map.find(name);
  return found == map.end() ? none : found->second;
}

}  // namespace

const std::string& Call::parameter(std::string_view name) const { return text_in(parameters, name); }
const std::string& Call::asked(std::string_view name) const { return text_in(query, name); }

void Router::add(std::string method, std::string_view pattern, RouteHandler handler, Query query) {
  Route route{std::move(method), std::string(pattern), {}, 0, std::move(handler), std::move(query), false};
  std::string_view part;
  while (next_segment(pattern, part)) {
    const bool parameter = part.size() > 2 && part.front() == '{' && part.back() == '}';
    route.segments.push_back({std::string(parameter ? part.substr(1, part.size() - 2) : part), parameter});
    if (!parameter) ++route.literals;
  }
  routes_.push_back(std::move(route));
}

void Router::add_with_any_query(std::string method, std::string_view pattern, RouteHandler handler) {
  add(std::move(method), pattern, std::move(handler));
  routes_.back().any_query = true;
}

Task<net::ServerResponse> Router::route(net::ServerRequest request) const {
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  // The most literal pattern decides alone, also about methods: what it does not serve is not left to another.
  const Route* pattern = nullptr;
  for (const Route& route : routes_) {
    if (matches(route.segments, request.path) && (pattern == nullptr || route.literals > pattern->literals)) {
      pattern = &route;
    }
  }
  if (pattern == nullptr) return answer(refusal(request, 404, no_such_path()));
  const Route* best = nullptr;
  std::string allowed;
  for (const Route& route : routes_) {
    if (route.pattern != pattern->pattern) continue;
    if (route.method == method) best = &route;
    allowed += (allowed.empty() ? "" : ", ") + route.method + (route.method == "GET" ? ", HEAD" : "");
  }
  if (best == nullptr) {
    net::ServerResponse refused =
        refusal(request, 405, "This path is not for " + printable(request.method, 20) + ", but for " + allowed + ".");
    refused.headers.push_back({"Allow", std::move(allowed)});
    return answer(std::move(refused));
  }
  telemetry::Current::rename(best->method + " " + best->pattern);
  telemetry::Current::set("http.route", best->pattern);
  telemetry::Current::set("url.path", best->pattern);  // the path as it came may hold a secret
  Call call;
  std::string_view path = request.path;
  std::string_view part;
  for (const Segment& segment : best->segments) {
    next_segment(path, part);
    if (!segment.parameter) continue;
    auto value = percent_decode(part);
    if (!value) return answer(problem(400, "The path holds a broken percent escape, a NUL, or is not UTF-8."));
    call.parameters.insert_or_assign(segment.text, std::move(*value));
  }
  if (refusals_ == Refusals::problems && !best->any_query) {
    auto query = read_query(request.query, best->query);
    if (!query) return answer(problem(400, query.error().message));
    call.query = std::move(*query);
  }
  call.request = std::move(request);
  return best->handler(std::move(call));
}

net::ServerResponse Router::refusal(const net::ServerRequest& request, unsigned status,
                                    std::string_view sentence) const {
  if (told_) told_(request, status);
  return refusals_ == Refusals::empty ? empty_response(status) : problem(status, sentence);
}

std::string Router::no_such_path() const {
  if (refusals_ != Refusals::listed) return "There is no such path; /openapi.json lists those that there are.";
  std::string all;
  for (const Route& route : routes_) all += (all.empty() ? "" : ", ") + route.method + " " + route.pattern;
  return "There is no such path; those that there are: " + all + ".";
}

std::vector<std::pair<std::string, std::string>> Router::routes() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const Route& route : routes_) all.emplace_back(route.method, route.pattern);
  return all;
}

net::Handler handler_of(std::shared_ptr<const Router> router) {
  return [router = std::move(router)](net::ServerRequest request) { return router->route(std::move(request)); };
}

}  // namespace headwind::api
