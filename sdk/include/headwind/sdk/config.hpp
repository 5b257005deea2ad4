// SPDX-License-Identifier: Apache-2.0
// An instance's settings: the JSON object that the host checked against the plugin's schema, defaults filled in.
//
//   url_(config.get<std::string>("url")), channel_(config.get<std::string>("channel", ""))
#pragma once
#include <headwind/sdk/error.hpp>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace hw {

class config {
 public:
  explicit config(std::string_view text) : json_(nlohmann::json::parse(text.empty() ? "{}" : text, nullptr, false)) {
    if (!json_.is_object()) throw error(code::invalid, "the settings are not a JSON object");
  }

  // `key` is a member's name, or a JSON pointer where it begins with a slash: "/tls/insecure".
  bool has(std::string_view key) const { return find(key) != nullptr; }

  template <class Value>
  Value get(std::string_view key) const {
    const nlohmann::json* value = find(key);
    if (!value) throw error(code::invalid, "setting " + std::string(key) + " is missing");
    return convert<Value>(key, *value);
  }
  template <class Value>
  Value get(std::string_view key, Value fallback) const {
    const nlohmann::json* value = find(key);
    return value ? convert<Value>(key, *value) : fallback;
  }

  const nlohmann::json& json() const { return json_; }

 private:
  const nlohmann::json* find(std::string_view key) const {
    if (key.starts_with('/')) {
      const nlohmann::json::json_pointer pointer{std::string(key)};
      return json_.contains(pointer) ? &json_.at(pointer) : nullptr;
    }
    const auto member = json_.find(std::string(key));
    return member == json_.end() ? nullptr : &*member;
  }
  template <class Value>
  static Value convert(std::string_view key, const nlohmann::json& value) {
    try {
      return value.get<Value>();
    } catch (const nlohmann::json::exception&) {
      throw error(code::invalid, "setting " + std::string(key) + " has the wrong type: " + value.type_name());
    }
  }

  nlohmann::json json_;
};

}  // namespace hw
