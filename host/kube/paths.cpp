// SPDX-License-Identifier: Apache-2.0
#include "kube/paths.hpp"

#include <cctype>

#include "core/text.hpp"

namespace headwind::kube {

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~') {
      result += c;
    } else {
      result += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  // A segment of dots alone would be taken for a step in the path.
  if (result == ".") return "%2E";
  if (result == "..") return "%2E%2E";
  return result;
}

std::string collection_path(const Resource& resource, std::string_view name_space) {
  std::string path = resource.group.empty() ? "/api/" : "/apis/" + std::string(resource.group) + "/";
  path += resource.version;
  if (!name_space.empty()) path += "/namespaces/" + percent_encode(name_space);
  return path + "/" + std::string(resource.plural);
}

std::string object_path(const Resource& resource, std::string_view name_space, std::string_view name,
                        std::string_view subresource) {
  std::string path = collection_path(resource, name_space) + "/" + percent_encode(name);
  if (!subresource.empty()) path += "/" + std::string(subresource);
  return path;
}

std::string with_query(std::string path, const std::vector<std::pair<std::string_view, std::string>>& parameters) {
  char separator = path.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    path += separator;
    path += std::string(name) + "=" + percent_encode(value);
    separator = '&';
  }
  return path;
}

Operation operation_of(std::string_view method, std::string_view path) {
  const std::size_t question = path.find('?');
  const std::string_view query = question == std::string_view::npos ? std::string_view() : path.substr(question);
  std::vector<std::string_view> parts = split(path.substr(0, question), '/');
  // "", "api", "v1", ... or "", "apis", group, version, ...
  const std::size_t head = parts.size() > 1 && parts[1] == "apis" ? 4 : 3;
  parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(std::min(head, parts.size())));
  if (parts.size() > 2 && parts[0] == "namespaces") parts.erase(parts.begin(), parts.begin() + 2);
  Operation operation;
  operation.resource = parts.empty() || parts[0].empty() ? "other" : std::string(parts[0]);
  if (parts.size() > 2) operation.resource += "/" + std::string(parts[2]);
  if (method == "GET") {
    const bool watch =
        query.find("?watch=") != std::string_view::npos || query.find("&watch=") != std::string_view::npos;
    operation.verb = watch ? "watch" : parts.size() > 1 ? "get" : "list";
  } else {
    operation.verb = method == "POST" ? "create" : to_lower(method);
  }
  return operation;
}

PathTemplate template_of(std::string_view path) {
  PathTemplate shape;
  const std::vector<std::string_view> parts = split(path, '/');
  const std::size_t head = parts.size() > 1 && parts[1] == "apis" ? 4 : 3;
  std::size_t collection = head;  // where the plural stands
  if (parts.size() > head + 2 && parts[head] == "namespaces") {
    collection = head + 2;
    shape.name_space = parts[head + 1];
  }
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const bool is_namespace = collection != head && i == head + 1;
    shape.text += '/';
    shape.text += is_namespace ? "{namespace}" : i == collection + 1 ? "{name}" : parts[i];
  }
  return shape;
}

}  // namespace headwind::kube
