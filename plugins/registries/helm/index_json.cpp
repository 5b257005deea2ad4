// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <istream>
#include <nlohmann/json.hpp>
#include <streambuf>
#include <string>

#include "registries/helm/index_parser.hpp"

namespace headwind::registries::helm {
namespace {

class Buffer : public std::streambuf {
 public:
  explicit Buffer(IndexBytes& bytes) : bytes_(bytes) {}

 protected:
  int_type underflow() override {
    const std::size_t size = bytes_.read(block_.data(), block_.size());
    if (size == 0) return traits_type::eof();
    setg(block_.data(), block_.data(), block_.data() + size);
    return traits_type::to_int_type(block_.front());
  }

 private:
  IndexBytes& bytes_;
  std::array<char, 16 * 1024> block_{};
};

class Events : public nlohmann::json_sax<nlohmann::json> {
 public:
  Events(IndexBytes& bytes, IndexBuilder& builder) : bytes_(bytes), builder_(builder) {}

  bool null() override { return next() && builder_.null(); }
  bool boolean(bool value) override { return next() && builder_.scalar(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return next() && builder_.scalar(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return next() && builder_.scalar(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return next() && builder_.scalar(text); }
  bool string(string_t& text) override { return next() && builder_.scalar(text); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return next() && builder_.begin_map(); }
  bool key(string_t& text) override { return next() && builder_.scalar(text); }
  bool end_object() override { return next() && builder_.end(); }
  bool start_array(std::size_t) override { return next() && builder_.begin_list(); }
  bool end_array() override { return next() && builder_.end(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return builder_.refuse("is no valid JSON at byte " + std::to_string(position));
  }

 private:
  bool next() {
    bytes_.value_read();
    return true;
  }

  IndexBytes& bytes_;
  IndexBuilder& builder_;
};

}  // namespace

void parse_json(IndexBytes& bytes, IndexBuilder& builder) {
  Buffer buffer(bytes);
  std::istream stream(&buffer);
  Events events(bytes, builder);
  nlohmann::json::sax_parse(stream, &events);
}

}  // namespace headwind::registries::helm
