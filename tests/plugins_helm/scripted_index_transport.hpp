// SPDX-License-Identifier: Apache-2.0
// A chart repository made of one function, which notes every request, and hands bodies out in pieces.
#pragma once
#include <atomic>
#include <functional>
#include <vector>

#include "plugins_registries/scripted_transport.hpp"
#include "registries/helm/index_transport.hpp"

namespace headwind::registries::helm {

class ScriptedIndexTransport : public IndexTransport {
 public:
  explicit ScriptedIndexTransport(ScriptedTransport::Handler handler) : script(std::move(handler)) {}

  Outcome<Response> exchange(const Request& request) override { return script.exchange(request); }
  Outcome<Response> exchange_within(const Request& request, std::int64_t) override { return script.exchange(request); }
  std::optional<Credential> credential() override { return script.pull; }
  Outcome<std::string> secret(const std::string& name) override { return script.secret(name); }
  std::int64_t unix_ms() override { return script.now; }
  std::int64_t mono_ms() override { return script.now; }

  Outcome<Response> stream(const Request& request, const OnBody& on_body) override {
    auto response = script.exchange(request);
    if (!response) return response;
    const std::string body = std::move(response->body);
    response->body.clear();
    if (response->status == 200)
      for (std::size_t at = 0; at < body.size(); at += piece)
        if (!on_body(std::string_view(body).substr(at, piece))) break;
    if (breaks_off) return Failure{HW_UNAVAILABLE, "the connection broke", 0};
    return response;
  }
  bool is_out_of_time() override {
    ++asked_for_time;
    return out_of_time;
  }
  void note(std::string_view, const ChartIndex& index) override { left_out += index.left_out(); }

  ScriptedTransport script;
  std::size_t piece = 10;
  bool breaks_off = false;  // after the body
  std::atomic<bool> out_of_time = false;
  std::atomic<int> asked_for_time = 0;
  std::size_t left_out = 0;
};

}  // namespace headwind::registries::helm
