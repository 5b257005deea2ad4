// SPDX-License-Identifier: Apache-2.0
// An API server that answers what the test says, on the test's own loop.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <deque>
#include <filesystem>
#include <fstream>

#include "kube/client.hpp"
#include "kube/reflector.hpp"
#include "net/loop.hpp"

namespace headwind::kube::test {

using net::ServerRequest;
using net::ServerResponse;

inline ServerResponse answer(unsigned status, std::string body = "{}", net::Headers headers = {}) {
  headers.push_back({"Content-Type", "application/json"});
  return {status, std::move(headers), std::move(body), {}};
}

inline std::string status_body(unsigned code, const std::string& reason, const std::string& message,
                               const std::string& details = "{}") {
  return R"({"kind":"Status","apiVersion":"v1","status":"Failure","code":)" + std::to_string(code) + R"(,"reason":")" +
         reason + R"(","message":")" + message + R"(","details":)" + details + "}";
}

// Holds the connection open without a word.
inline Task<std::string> silence() {
  boost::asio::steady_timer never(co_await boost::asio::this_coro::executor,
                                  boost::asio::steady_timer::time_point::max());
  co_await never.async_wait(boost::asio::use_awaitable);
  co_return std::string();
}

// A watch that says these pieces, one chunk each, and then ends, or stays open.
inline ServerResponse watch_of(std::vector<std::string> pieces, bool stays_open = false) {
  ServerResponse response = answer(200);
  auto rest = std::make_shared<std::deque<std::string>>(pieces.begin(), pieces.end());
  response.next_piece = [rest, stays_open]() -> Task<std::string> {
    if (rest->empty() && stays_open) return silence();
    std::string piece = rest->empty() ? std::string() : std::move(rest->front());
    if (!rest->empty()) rest->pop_front();
    return [](std::string text) -> Task<std::string> { co_return text; }(std::move(piece));
  };
  return response;
}

class Scripted : public net::test::Loop {
 protected:
  ~Scripted() override {
    if (http) http->shut_down();
  }

  std::vector<ServerRequest> requests;
  std::deque<ServerResponse> answers;  // taken in order; the last one is repeated
  telemetry::Metrics metrics;
  std::unique_ptr<net::Server> server;
  std::shared_ptr<net::Client> http;

  // Asked before `answers`; gives a status of 0 to pass the request on to them.
  std::function<ServerResponse(const ServerRequest&)> respond;

  std::string url() {
    if (!server)
      server = serve([this](ServerRequest request) -> Task<ServerResponse> {
        requests.push_back(request);
        if (respond)
          if (ServerResponse response = respond(request); response.status != 0) co_return response;
        if (answers.empty()) co_return answer(500, status_body(500, "Unscripted", "no answer is left"));
        ServerResponse response = answers.front();
        if (answers.size() > 1) answers.pop_front();
        co_return response;
      });
    return net::test::at(server->port(), "");
  }

  std::shared_ptr<Client> client(Access access = {}) {
    if (!http) http = std::make_shared<net::Client>(executor(), net::ClientOptions{.user_agent = "test"});
    if (access.server.empty()) access.server = url();
    return std::make_shared<Client>(std::move(access), http, metrics);
  }

  // Runs the loop until `done`; false when patience ends.
  bool until(const std::function<bool()>& done) {
    const auto limit = std::chrono::steady_clock::now() + net::test::patience;
    io.restart();
    while (!done() && std::chrono::steady_clock::now() < limit) io.run_one_until(limit);
    return done();
  }
};

// A new directory that goes with the test.
class Directory {
 public:
  Directory() {
    std::string name = (std::filesystem::temp_directory_path() / "headwind-kube-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text, bool executable = false) const {
    const std::filesystem::path file = path_ / name;
    std::ofstream(file, std::ios::binary) << text;
    if (executable) std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return file.string();
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

// Writes down what a reflector tells.
class Recorder : public Sink {
 public:
  void list_started() override { told.push_back("started"); }
  Task<Result<>> upsert(std::vector<Object> objects) override {
    std::string line = "upsert";
    for (const Object& object : objects) line += " " + object.name;
    told.push_back(std::move(line));
    while (busy && busy()) co_await sleep_for(std::chrono::milliseconds(1));
    if (refusals > 0) {
      --refusals;
      co_return make_error(Code::unavailable, "the reader does not answer");
    }
    for (Object& object : objects) last = std::move(object);
    co_return Result<>{};
  }
  void removed(const Object& object) override { told.push_back("removed " + object.name); }
  void list_finished() override { told.push_back("finished"); }
  void lost(const Error& error) override {
    told.push_back("lost");
    errors.push_back(error);
  }
  bool has(const std::string& line) const { return std::find(told.begin(), told.end(), line) != told.end(); }

  std::vector<std::string> told;
  std::vector<Error> errors;
  int refusals = 0;            // of what is shown next
  std::function<bool()> busy;  // so long it reads what it is shown
  Object last;
};

}  // namespace headwind::kube::test
