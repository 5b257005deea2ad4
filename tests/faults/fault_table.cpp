// SPDX-License-Identifier: Apache-2.0
#include "fault_table.hpp"

#include <zlib.h>

#include <stdexcept>

namespace headwind::faults {
namespace {

using std::chrono::seconds;

constexpr const char* ok = "HTTP/1.1 200 OK\r\n";
constexpr const char* chunked = "Transfer-Encoding: chunked\r\n\r\n";

auto always(std::string bytes) {
  return [bytes = std::move(bytes)](const Answer&) { return bytes; };
}
auto instead(Answer answer) { return always(answer.text()); }
auto with_body_of(std::string body) {
  return [body = std::move(body)](Answer good) {
    good.body = body;
    return good.text();
  };
}
std::string half(const Answer& good) {
  const std::string text = good.text();
  return text.substr(0, text.size() - good.body.size() / 2);
}
std::string with_length(const Answer& good, std::ptrdiff_t difference) {
  return ok + good.headers +
         "Content-Length: " + std::to_string(static_cast<std::ptrdiff_t>(good.body.size()) + difference) + "\r\n\r\n" +
         good.body;
}

std::string gzip(const std::string& plain) {
  z_stream stream{};
  if (::deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib cannot start");
  std::string out(::deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

void add_connections(std::vector<Fault>& out) {
  const Code lost = Code::unavailable;
  out.push_back({"connection_refused", everywhere, {.door = Door::shut}, lost});
  out.push_back({"no_tls", everywhere, {.door = Door::garbage}, lost, {}, {}, true});
  out.push_back({"certificate_of_a_stranger", everywhere, {.door = Door::stranger}, lost, {}, {}, true});
  out.push_back({"certificate_of_another_name", everywhere, {.door = Door::other_name}, lost, {}, {}, true});
  out.push_back({"reset_before_the_answer", everywhere, {.then = Then::reset}, lost});
  out.push_back({"closed_before_the_answer", everywhere, {.then = Then::close}, lost});
  out.push_back(
      {"reset_in_the_head", everywhere, {.bytes = always("HTTP/1.1 200 OK\r\nDate"), .then = Then::reset}, lost});
  out.push_back({"reset_in_the_body", with_body, {.bytes = half, .then = Then::reset}, lost});
  out.push_back({"closed_in_the_body", with_body, {.bytes = half, .then = Then::close}, lost});
  out.push_back({"stall_before_the_answer", everywhere, {.then = Then::stall}, Code::cancelled});
  out.push_back(
      {"stall_in_the_head", everywhere, {.bytes = always("HTTP/1.1 2"), .then = Then::stall}, Code::cancelled});
  out.push_back({"stall_in_the_body", with_body, {.bytes = half, .then = Then::stall}, Code::cancelled});
  out.push_back({"slow_drip", everywhere, {.bytes = &Answer::text, .then = Then::drip}});
}

void add_framing(std::vector<Fault>& out) {
  const std::string chunk = "4000\r\n" + std::string(0x4000, ' ') + "\r\n";
  const auto broken = [&](std::string name, std::string bytes, Then then, unsigned spots = everywhere) {
    out.push_back({std::move(name), spots, {.bytes = always(std::move(bytes)), .then = then}, Code::invalid});
  };
  out.push_back({"chunks_that_end_early",
                 with_body,
                 {.bytes = always(std::string(ok) + chunked + chunk), .then = Then::close},
                 Code::unavailable});
  out.push_back({"length_too_long",
                 with_body,
                 {.bytes = [](const Answer& good) { return with_length(good, 5); }, .then = Then::close},
                 Code::unavailable});
  out.push_back({"length_too_short",
                 with_body,
                 {.bytes = [](const Answer& good) { return with_length(good, -5); }},
                 Code::unavailable});
  broken("two_lengths", std::string(ok) + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}", Then::close);
  broken("body_beyond_the_cap", std::string(ok) + "Content-Length: 99999999999\r\n\r\n", Then::stall, with_body);
  out.push_back({"chunks_beyond_the_cap",
                 with_body,
                 {.bytes = always(std::string(ok) + chunked), .then = Then::repeat, .more = chunk},
                 Code::invalid});
  broken("no_http", "SSH-2.0-OpenSSH_9.2\r\n\r\n", Then::stall);
  broken("nul_in_a_header", std::string(ok) + std::string("X: a\0b\r\n\r\n", 10), Then::stall);
  broken("huge_header", std::string(ok) + "X: " + std::string(200'000, 'x') + "\r\n\r\n", Then::stall);
  out.push_back(
      {"endless_headers", everywhere, {.bytes = always(ok), .then = Then::repeat, .more = "X: y\r\n"}, Code::invalid});
  const std::string interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
  out.push_back({"endless_interim_answers",
                 everywhere,
                 {.bytes = always(interim), .then = Then::repeat, .more = interim},
                 Code::invalid});
  out.push_back({"body_after_head", head, {.bytes = [](const Answer& good) { return good.text() + "surprise"; }}});
}

void add_statuses(std::vector<Fault>& out) {
  const std::string wait = "Retry-After: 7\r\n";
  for (const unsigned status : {500U, 502U, 503U, 504U})
    out.push_back(
        {"status_" + std::to_string(status), everywhere, {.bytes = instead({status, "", "oh"})}, Code::unavailable});
  out.push_back(
      {"status_503_with_a_wait", everywhere, {.bytes = instead({503, wait, ""})}, Code::unavailable, {}, seconds(7)});
  out.push_back({"status_429", everywhere, {.bytes = instead({429, "", ""})}, Code::throttled});
  out.push_back(
      {"status_429_with_a_wait", everywhere, {.bytes = instead({429, wait, ""})}, Code::throttled, {}, seconds(7)});
  out.push_back({"status_403", everywhere, {.bytes = instead({403, "", "{}"})}, Code::denied});
  out.push_back({"status_404", everywhere, {.bytes = instead({404, "", "{}"})}, Code::not_found, Code::unavailable});
  out.back().at_later_page = Code::invalid;
  out.push_back({"control_bytes_in_an_error",
                 everywhere,
                 {.bytes = instead({500, "", std::string("{\"errors\":[{\"code\":\"\x1b[2J\0\n\"}]}", 29)})},
                 Code::unavailable});
}

void add_redirects(std::vector<Fault>& out, const std::string& elsewhere) {
  const auto to = [&](std::string name, const std::string& location, std::optional<Code> code) {
    const std::string header = location.empty() ? "" : "Location: " + location + "\r\n";
    out.push_back({std::move(name), everywhere, {.bytes = instead({307, header, ""})}, code, Code::unavailable});
  };
  to("redirect_to_itself", "?again", Code::unavailable);
  out.back().at_later_page = Code::invalid;
  to("redirect_to_another_host", elsewhere + "/v2/org/app/tags/list?last=1.0.0", std::nullopt);
  to("redirect_to_an_address_in_disguise", "https://0x7f000001/v2/", Code::unavailable);
  to("redirect_to_no_url", "https://[::1/", Code::unavailable);
  to("redirect_to_nowhere", "", Code::unavailable);
}

void add_bodies(std::vector<Fault>& out) {
  const std::string encoded = "Content-Encoding: gzip\r\n";
  out.push_back({"gzip_unasked",
                 with_body,
                 {.bytes = [=](const Answer& good) { return Answer{200, encoded, gzip(good.body)}.text(); }},
                 Code::invalid});
  out.push_back(
      {"gzip_bomb", with_body, {.bytes = instead({200, encoded, gzip(std::string(64U << 20U, ' '))})}, Code::invalid});
  const auto body = [&](std::string name, std::string text) {
    out.push_back({std::move(name), with_json, {.bytes = with_body_of(std::move(text))}, Code::unavailable});
  };
  body("html", "<html>Sign in</html>");
  body("no_body", "");
  body("json_of_another_shape", R"(["tags"])");
  body("json_10000_deep", std::string(10'000, '[') + std::string(10'000, ']'));
  body("json_10000_deep_in_an_object", R"({"tags":)" + std::string(10'000, '[') + std::string(10'000, ']') + "}");
  body("nul_in_the_body", std::string("{\"tags\":[\"1\0\"],\"token\":\"a\0b\"}", 29));
  body("control_bytes_in_the_body", "{\"tags\":[\"\x01\x1b[2J\"],\"token\":\"\x07\"}");
  body("no_utf8", "{\"tags\":[\"\xff\xfe\"],\"token\":\"\xff\"}");
}

}  // namespace

std::vector<Fault> all_faults(const std::string& elsewhere) {
  std::vector<Fault> out;
  add_statuses(out);
  add_bodies(out);
  for (Fault& fault : out) fault.names_repository = fault.code != Code::invalid;
  add_connections(out);
  add_framing(out);
  add_redirects(out, elsewhere);
  return out;
}

}  // namespace headwind::faults
