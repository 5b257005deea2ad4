// SPDX-License-Identifier: Apache-2.0
// A webhook call from a stranger: path, headers and body, with and without a secret. Lines until an empty one are
// path and headers ("name: value"), the rest is the body. The plugin of this test reads the body as "repository tag".
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "api/intake.hpp"
#include "core/chart_reference.hpp"
#include "core/image_reference.hpp"
#include "core/text.hpp"

using namespace headwind;

namespace {

struct BodyReader final : api::WebhookParser {
  Task<Result<std::vector<api::Push>>> parse(std::string, net::Headers, std::string body) override {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (json.is_discarded()) std::abort();  // the host checked it
    if (!json.is_array()) co_return make_error(Code::invalid, "the body is no array.");
    std::vector<api::Push> pushes;
    for (const auto& row : json) {
      if (!row.is_string()) continue;
      const auto text = row.get<std::string>();
      const std::size_t space = std::min(text.find(' '), text.size());
      const std::string tag = text.substr(std::min(space + 1, text.size()));
      pushes.push_back({text.substr(0, space), tag, tag, "", "", tag.empty()});
    }
    co_return pushes;
  }
};

net::ServerRequest request_from(std::string_view text) {
  net::ServerRequest request;
  request.method = "POST";
  for (bool first = true;; first = false) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (first) {
      request.path = line;
    } else if (colon != std::string_view::npos) {
      request.headers.push_back({std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
    }
  }
  request.body = text;
  return request;
}

// Whether a hint names its repository in the one form that a look-up knows: an image's, or a chart's URL.
bool is_canonical(const std::string& repository) {
  if (is_chart_url(repository)) {
    const auto chart = parse_chart_reference(repository + ":0");
    return chart && chart->repository == repository;
  }
  const auto image = parse_image_reference(repository);
  return image && image->repository() == repository;
}

Task<Result<>> take(std::vector<update::Hint> hints) {
  for (const update::Hint& hint : hints) {
    if (!is_canonical(hint.repository) || !is_valid_tag(hint.tag)) std::abort();
    if (!hint.digest.empty() && !is_valid_digest(hint.digest)) std::abort();
  }
  co_return Result<>{};
}

net::Handler handler_with(api::WebhookSecret::Style style, const std::string& secret) {
  static BodyReader reader;
  static telemetry::Metrics metrics;
  api::IntakeOptions options;
  options.registry_aliases = {{"a.test", "docker.io"}, {"docker.io", "b.test:5000"}};
  if (!secret.empty()) options.secrets["registry"] = {style, "X-Secret", secret};
  return api::make_intake(options, {reader, take, metrics, telemetry::Counter(), system_clock()});
}

unsigned status_of(const net::Handler& handler, const net::ServerRequest& request) {
  boost::asio::io_context loop;
  unsigned status = 0;
  boost::asio::co_spawn(loop, handler(request),
                        [&](const std::exception_ptr& failure, const net::ServerResponse& answer) {
                          if (failure) std::abort();
                          status = answer.status;
                        });
  loop.run();
  return status;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using Style = api::WebhookSecret::Style;
  static const net::Handler open = handler_with(Style::header, "");
  static const net::Handler hmac = handler_with(Style::hmac, "a secret that no input knows");
  static const net::Handler path = handler_with(Style::path, "a secret that no input knows");
  const net::ServerRequest request = request_from({reinterpret_cast<const char*>(data), size});
  const unsigned status = status_of(open, request);
  if (status != 200 && (status < 400 || status >= 500)) std::abort();
  const bool registry = request.path == "/webhook/registry";
  const unsigned expected = registry ? 401 : status;
  if (status_of(hmac, request) != expected) std::abort();
  const unsigned with_path = status_of(path, request);
  if (registry ? with_path != 401 : with_path == 200 && status != 200) std::abort();
  return 0;
}
