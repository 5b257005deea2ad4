// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_line.hpp"

#include <nlohmann/json.hpp>

#include "core/clock.hpp"
#include "core/text.hpp"

namespace headwind::telemetry {
namespace {

constexpr std::size_t max_value = 4096;
using Json = nlohmann::ordered_json;

// Newlines and controls survive as JSON escapes; bytes that are not UTF-8 become the replacement character.
std::string dump(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

bool is_plain(std::string_view text) {
  return !text.empty() && text.find_first_of(" \"=\\") == std::string_view::npos && printable(text) == text;
}

std::string as_text(const Field& field) {
  if (const auto* text = std::get_if<std::string>(&field.value)) {
    const std::string_view cut = std::string_view(*text).substr(0, max_value);
    return is_plain(cut) ? std::string(cut) : dump(Json(cut));
  }
  return std::visit([](const auto& value) { return dump(Json(value)); }, field.value);
}

}  // namespace

std::string_view to_string(Level level) {
  switch (level) {
    case Level::trace: return "trace";
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warn: return "warn";
    case Level::error: return "error";
  }
  return "error";
}

std::string json_line(std::int64_t unix_ms, Level level, std::string_view room, std::string_view message,
                      std::span<const Field> fields) {
  Json record{{"ts", format_rfc3339(unix_ms)},
              {"level", to_string(level)},
              {"room", room},
              {"message", message.substr(0, max_value)}};
  if (!fields.empty()) {
    Json& object = record["fields"] = Json::object();
    for (const Field& field : fields) {
      const auto* text = std::get_if<std::string>(&field.value);
      Json value = text ? Json(text->substr(0, max_value))
                        : std::visit([](const auto& plain) { return Json(plain); }, field.value);
      object[std::string(field.key)] = std::move(value);
    }
  }
  return dump(record);
}

std::string text_line(std::int64_t unix_ms, Level level, std::string_view room, std::string_view message,
                      std::span<const Field> fields) {
  std::string name(to_string(level));
  for (char& c : name) c = static_cast<char>(c - 'a' + 'A');
  name.resize(5, ' ');
  std::string line =
      format_rfc3339(unix_ms) + " " + name + " " + std::string(room) + ": " + printable(message, max_value);
  for (const Field& field : fields) line += " " + std::string(field.key) + "=" + as_text(field);
  return line;
}

}  // namespace headwind::telemetry
