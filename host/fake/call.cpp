// SPDX-License-Identifier: Apache-2.0
#include "fake/call.hpp"

#include <vector>

#include "core/text.hpp"

namespace headwind::fake {
namespace {

std::string verb_of(const std::string& method, bool one_object, bool watch) {
  if (method == "GET" || method == "HEAD") return one_object ? "get" : watch ? "watch" : "list";
  if (method == "POST") return one_object ? "" : "create";
  if (!one_object) return method == "DELETE" ? "deletecollection" : "";
  if (method == "PUT") return "update";
  if (method == "PATCH") return "patch";
  return method == "DELETE" ? "delete" : "";
}

}  // namespace

Call::Call(net::ServerRequest received) : request(std::move(received)), query(request.query) {
  std::vector<std::string> parts;
  if (request.path.starts_with('/')) {
    for (const std::string_view part : split(std::string_view(request.path).substr(1), '/')) {
      parts.push_back(percent_decode(part));
    }
  }
  std::size_t at = 0;
  std::string group, version;
  if (parts.size() > 2 && parts[0] == "api") {
    version = parts[1];
    at = 2;
  } else if (parts.size() > 3 && parts[0] == "apis") {
    group = parts[1];
    version = parts[2];
    at = 3;
  } else {
    return;
  }
  // /namespaces/NS/RESOURCE is inside a namespace; /namespaces/NS and /namespaces/NS/status are about one.
  const bool inside = parts[at] == "namespaces" && parts.size() > at + 2 && parts[at + 2] != "status";
  if (inside) {
    name_space = parts[at + 1];
    at += 2;
  }
  type = find_resource(group, version, parts[at]);
  if (type == nullptr || parts.size() > at + 3 || (inside && !type->namespaced)) {
    type = nullptr;
    return;
  }
  if (parts.size() > at + 1) name = parts[at + 1];
  if (parts.size() > at + 2) subresource = parts[at + 2];
  const std::string watch = query.get("watch");
  verb = verb_of(request.method, !name.empty(), watch == "1" || watch == "true");
}

std::string Call::resource_name() const {
  if (type == nullptr) return {};
  return subresource.empty() ? std::string(type->plural) : std::string(type->plural) + "/" + subresource;
}

}  // namespace headwind::fake
