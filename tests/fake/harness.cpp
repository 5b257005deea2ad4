// SPDX-License-Identifier: Apache-2.0
#include "harness.hpp"

#include <boost/asio/steady_timer.hpp>

namespace headwind::fake {
namespace {

constexpr std::chrono::seconds kGuard{20};

}  // namespace

void Loop::run_until(const bool& done) {
  const auto late = std::make_shared<bool>(false);  // the cancelled guard is told after this function has ended
  boost::asio::steady_timer guard(io_, kGuard);
  guard.async_wait([late](boost::system::error_code error) { *late = !error; });
  io_.restart();
  while (!done && !*late) io_.run_one();
  EXPECT_TRUE(done) << "nothing came in time";
}

Reply Loop::exchange(net::Request request) {
  bool done = false;
  Reply reply;
  const auto work = [](net::Client* client, net::Request asked, Reply* out, bool* finished) -> Task<> {
    Result<net::Response> response = co_await client->send(std::move(asked));
    if (response) {
      *out = {response->status, response->headers, response->body, Json()};
    } else {
      out->text = response.error().message;
    }
    *finished = true;
  };
  spawn(io_.get_executor(), "exchange", work(client_.get(), std::move(request), &reply, &done));
  run_until(done);
  if (!parse_json(reply.text, reply.body)) reply.body = nullptr;
  return reply;
}

void ApiTest::start(ApiServerOptions options) {
  auto started = ApiServer::start(io_.get_executor(), std::move(options));
  ASSERT_TRUE(started) << started.error().message;
  api_ = std::move(*started);
}

Reply ApiTest::call(std::string method, std::string path, std::string body, std::string type) {
  net::Request request;
  request.method = std::move(method);
  request.url = api_->url() + path;
  request.headers = {{"Content-Type", std::move(type)}, {"User-Agent", "fake-test"}};
  if (!token_.empty()) request.headers.push_back({"Authorization", "Bearer " + token_});
  request.body = std::move(body);
  return exchange(std::move(request));
}

std::vector<Json> ApiTest::watch(const std::string& path, std::size_t lines) {
  struct State {
    std::string text;
    std::vector<Json> events;
    std::size_t wanted;
    bool done = false;
  };
  auto state = std::make_shared<State>();
  state->wanted = lines;
  const auto on_data = [state](std::string_view piece) {
    state->text += piece;
    for (std::size_t end = 0; (end = state->text.find('\n')) != std::string::npos; state->text.erase(0, end + 1)) {
      state->events.push_back(Json::parse(state->text.substr(0, end)));
    }
    return state->events.size() < state->wanted;
  };
  const auto work = [](net::Client* client, net::Request request, std::function<bool(std::string_view)> data,
                       std::shared_ptr<State> shared) -> Task<> {
    const Result<net::Response> response = co_await client->stream(std::move(request), std::move(data), kGuard);
    EXPECT_TRUE(response) << response.error().message;
    shared->done = true;
  };
  net::Request request;
  request.url = api_->url() + path;
  spawn(io_.get_executor(), "watch", work(client_.get(), std::move(request), on_data, state));
  run_until(state->done);
  return state->events;
}

std::string deployment(const std::string& name, const std::string& image, const std::string& labels) {
  return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":")" + name + R"(","labels":)" + labels +
         R"(},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":)"
         R"({"app":"web"}},"spec":{"containers":[{"name":"web","image":")" +
         image + R"("}]}}}})";
}

std::string config_map(const std::string& name, const std::string& labels) {
  return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name + R"(","labels":)" + labels +
         R"(},"data":{"a":"b"}})";
}

}  // namespace headwind::fake
