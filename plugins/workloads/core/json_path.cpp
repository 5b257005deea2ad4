// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/json_path.hpp"

#include <algorithm>

namespace headwind::workloads {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What a name may consist of where it is not quoted. Bytes of UTF-8 beyond ASCII are letters to RFC 9535.
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

class Parser {
 public:
  Parser(std::string_view text, std::string& error) : text_(text), error_(error) {}

  bool read(Steps& out) {
    if (!take('$')) return fail("it must begin with $, as $.spec.image does");
    while (at_ < text_.size()) {
      if (out.size() == JsonPath::max_steps)
        return fail("it has more than " + std::to_string(JsonPath::max_steps) + " steps");
      Step step;
      if (!(take('.') ? read_dotted(step) : take('[') ? read_bracket(step) : fail_here())) return false;
      out.push_back(std::move(step));
    }
    return true;
  }

 private:
  bool take(char wanted) {
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  static bool make_each(Step& out) {
    out.kind = Step::Kind::each;
    return true;
  }

  bool read_dotted(Step& out) {
    if (take('*')) return make_each(out);
    if (at_ < text_.size() && text_[at_] == '.') return fail(".. is not supported: name every step");
    const std::size_t begin = at_;
    while (at_ < text_.size() && (begins_name(text_[at_]) || (at_ > begin && is_digit(text_[at_])))) ++at_;
    if (at_ == begin) return at_ == text_.size() ? fail("it ends where a name should stand") : fail_here();
    out.name = text_.substr(begin, at_ - begin);
    return true;
  }

  bool read_bracket(Step& out) {
    if (take('*')) return make_each(out) && close();
    if (take('\'')) return read_quoted(out, '\'') && close();
    if (take('"')) return read_quoted(out, '"') && close();
    if (at_ < text_.size() && text_[at_] == '?')
      return fail("filters are not supported: use [*], or condition for status.conditions");
    return read_index(out) && close();
  }

  bool read_index(Step& out) {
    const std::size_t begin = at_;
    out.kind = Step::Kind::item;
    while (at_ < text_.size() && is_digit(text_[at_]) && out.index <= JsonPath::max_index)
      out.index = 10 * out.index + static_cast<std::size_t>(text_[at_++] - '0');
    if (at_ == begin) return fail_here();
    if (out.index > JsonPath::max_index) return fail("an index is above " + std::to_string(JsonPath::max_index));
    if (text_[begin] == '0' && at_ - begin > 1) return fail("an index begins with 0");
    return true;
  }

  bool read_quoted(Step& out, char quote) {
    while (at_ < text_.size() && text_[at_] != quote) {
      if (static_cast<unsigned char>(text_[at_]) < ' ' || text_[at_] == '\x7f') return fail_here();
      if (take('\\') && (at_ == text_.size() || (text_[at_] != quote && text_[at_] != '\\')))
        return fail("in a quoted name, a backslash may only stand before a quote or a backslash");
      out.name += text_[at_++];
    }
    if (out.name.empty()) return fail("a quoted name is empty");
    return take(quote) || fail("a quote is not closed");
  }

  bool close() { return take(']') || (at_ == text_.size() ? fail("a [ is not closed") : fail_here()); }

  bool fail(std::string why) {
    error_ = std::move(why);
    return false;
  }
  bool fail_here() {
    if (at_ == text_.size()) return fail("it ends too early");
    const std::string place = "character " + std::to_string(at_ + 1);
    if (text_[at_] == '-') return fail(place + " is a -: write such a name as ['my-field']");
    return fail(place + " is not understood: names, [0], [*] and ['quoted.name'] are supported");
  }

  std::string_view text_;
  std::string& error_;
  std::size_t at_ = 0;
};

}  // namespace

std::size_t JsonPath::wildcards() const {
  return static_cast<std::size_t>(
      std::count_if(steps.begin(), steps.end(), [](const Step& step) { return step.kind == Step::Kind::each; }));
}

bool JsonPath::reads_status() const { return !steps.empty() && steps.front().name == "status"; }

bool parse_json_path(std::string_view text, JsonPath& out, std::string& error) {
  out = {};
  error.clear();
  if (text.size() > JsonPath::max_text) {
    error = "it is longer than " + std::to_string(JsonPath::max_text) + " bytes";
    return false;
  }
  out.text = text;
  return Parser(text, error).read(out.steps);
}

std::string pointer_to(const Steps& way) {
  std::string out;
  for (const Step& step : way) {
    out += '/';
    if (step.kind == Step::Kind::item) out += std::to_string(step.index);
    for (const char c : step.name) {
      if (c == '~')
        out += "~0";
      else if (c == '/')
        out += "~1";
      else
        out += c;
    }
  }
  return out;
}

}  // namespace headwind::workloads
