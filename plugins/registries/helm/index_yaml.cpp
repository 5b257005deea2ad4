// SPDX-License-Identifier: Apache-2.0
// YAML by libyaml, of which Helm's own parser is a port. Its events are taken one by one; nothing is built of them.
#include <yaml.h>

#include <string>

#include "registries/helm/index_parser.hpp"

namespace headwind::registries::helm {
namespace {

class Parser {
 public:
  explicit Parser(IndexBytes& bytes) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_input(&parser_, &read, &bytes);
  }
  ~Parser() { yaml_parser_delete(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  yaml_parser_t* operator->() { return &parser_; }
  yaml_parser_t* get() { return &parser_; }

 private:
  static int read(void* bytes, unsigned char* to, std::size_t most, std::size_t* size) {
    auto& from = *static_cast<IndexBytes*>(bytes);
    *size = from.read(reinterpret_cast<char*>(to), most);
    return from.failure() ? 0 : 1;
  }

  yaml_parser_t parser_{};
};

class Event {
 public:
  Event() = default;
  ~Event() { yaml_event_delete(&event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  yaml_event_t* get() { return &event_; }
  yaml_event_type_t type() const { return event_.type; }
  std::string_view text() const {
    return {reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length};
  }
  bool is_null() const {
    if (event_.data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return false;
    const auto value = text();
    return value.empty() || value == "~" || value == "null" || value == "Null" || value == "NULL";
  }

 private:
  yaml_event_t event_{};
};

// False: the document is at its end, or refused.
bool feed(const Event& event, IndexBuilder& builder) {
  switch (event.type()) {
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_START_EVENT: return true;
    case YAML_SCALAR_EVENT: return event.is_null() ? builder.null() : builder.scalar(event.text());
    case YAML_MAPPING_START_EVENT: return builder.begin_map();
    case YAML_SEQUENCE_START_EVENT: return builder.begin_list();
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT: return builder.end();
    // What a few lines of them stand for may fill any memory. No tool writes indexes with them.
    case YAML_ALIAS_EVENT: return builder.refuse("uses an alias of YAML, which is not followed");
    default: return false;  // a second document is not looked at
  }
}

}  // namespace

void parse_yaml(IndexBytes& bytes, IndexBuilder& builder) {
  Parser parser(bytes);
  for (;;) {
    Event event;
    if (yaml_parser_parse(parser.get(), event.get()) == 0) {
      if (bytes.failure()) return;
      if (parser->error == YAML_MEMORY_ERROR) throw std::bad_alloc();
      const std::size_t line = parser->error == YAML_READER_ERROR ? parser->mark.line : parser->problem_mark.line;
      builder.refuse("is no valid YAML at line " + std::to_string(line + 1) +
                     (parser->problem == nullptr ? "" : ": " + std::string(parser->problem)));
      return;
    }
    bytes.value_read();
    if (!feed(event, builder)) return;
  }
}

}  // namespace headwind::registries::helm
