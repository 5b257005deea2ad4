// SPDX-License-Identifier: Apache-2.0
// A request as the server of it sees it.
#pragma once
#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/transport.hpp"

namespace headwind::registries {

inline std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

struct HttpCall {
  explicit HttpCall(const Request& request) {
    std::string_view rest = request.url;
    if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) {
      rest.remove_prefix(scheme + 3);
      rest.remove_prefix(std::min(rest.find('/'), rest.size()));
    }
    const auto mark = rest.find('?');
    path = rest.substr(0, mark);
    if (mark != std::string_view::npos) query_text = rest.substr(mark + 1);
    for (const auto& part : split(query_text, '&')) {
      const auto equals = part.find('=');
      query[percent_decode(part.substr(0, equals))] =
          equals == std::string::npos ? "" : percent_decode(part.substr(equals + 1));
    }
    segments = split(std::string_view(path).substr(path.starts_with('/') ? 1 : 0), '/');
    for (const auto& [key, value] : request.headers)
      if (key == "Authorization" || key == "authorization") authorization = value;
  }

  std::string value(const std::string& key) const {
    const auto it = query.find(key);
    return it == query.end() ? std::string() : it->second;
  }
  int number(const std::string& key, int otherwise) const {
    const std::string text = value(key);
    int out = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
  }

  std::string path, query_text;              // still encoded
  std::vector<std::string> segments;         // of the path, still encoded
  std::map<std::string, std::string> query;  // decoded
  std::string authorization;

 private:
  static std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> out;
    while (!text.empty()) {
      const auto end = std::min(text.find(at), text.size());
      out.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
  }
};

}  // namespace headwind::registries
