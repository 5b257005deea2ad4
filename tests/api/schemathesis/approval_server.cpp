// SPDX-License-Identifier: Apache-2.0
// approval_server none|token: the approval API over the engine's in-memory world, on a free port of loopback, for
// schemathesis. Prints the port; ends when its standard input does. In mode token only `alice-token` may do anything.
#include <unistd.h>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <string_view>

#include "api/approval.hpp"
#include "api/auth_world.hpp"
#include "net/server.hpp"
#include "update/world.hpp"

namespace headwind::api {
namespace {

struct EverythingForAlice final : Authorizer {
  Task<Result<bool>> allowed(Identity identity, Access) override { co_return identity.user == "alice"; }
};

// One request of every phase that a call can bring about, and workloads with a history.
void populate(update::testing::Store& store, update::testing::World& world) {
  const std::string nginx = "docker.io/library/nginx";
  for (const char* name : {"web", "shop", "blog", "wiki"}) {
    store.deploy("Deployment", name, {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"min-update-interval", "0"}});
  }
  store.deploy("StatefulSet", "db", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"require-approval", "false"}});
  world.start();
  (void)world.push(nginx, "1.26.0");
  (void)world.run(world.engine->approve({"prod", "shop-app-1-26-0"}, "alice"));
  (void)world.run(world.engine->reject({"prod", "blog-app-1-26-0"}, "alice", "no"));
  world.settle();
}

// What the watches of a real cluster would tell, and a new version now and then so that something always waits.
Task<> keep_watching(update::testing::Store& store, update::testing::World& world) {
  for (int round = 1;; ++round) {
    co_await sleep_for(std::chrono::milliseconds(20));
    world.watch();
    if (round % 10 != 0) continue;
    const std::string tag = "1.27." + std::to_string(round / 10);
    store.push("docker.io/library/nginx", tag);
    update::Hint hint;
    hint.repository = "docker.io/library/nginx";
    hint.tag = tag;
    std::vector<update::Hint> hints{hint};
    (void)co_await world.engine->take(std::move(hints));
  }
}

Task<> stop_at_end_of_input(boost::asio::io_context& loop) {
  boost::asio::posix::stream_descriptor input(loop, ::dup(STDIN_FILENO));
  char byte = 0;
  boost::system::error_code ended;
  while (!ended) {
    co_await input.async_read_some(boost::asio::buffer(&byte, 1),
                                   boost::asio::redirect_error(boost::asio::use_awaitable, ended));
  }
  loop.stop();
}

int serve(bool with_tokens) {
  update::testing::Store store;
  update::testing::World& world = update::testing::launch(store);
  populate(store, world);
  AuthWorld reviews;
  EverythingForAlice authorizer;
  Gate gate;
  if (with_tokens) gate = Gate(reviews, authorizer, system_clock());
  net::ServerOptions options;
  options.address = "127.0.0.1";
  options.refusal = approval_refusal;
  auto server = net::Server::listen(world.io.get_executor(), options, make_approval(*world.engine, gate));
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return 1;
  }
  std::printf("%u\n", static_cast<unsigned>((*server)->port()));
  std::fflush(stdout);
  spawn(world.io.get_executor(), "watches", keep_watching(store, world));
  spawn(world.io.get_executor(), "input", stop_at_end_of_input(world.io));
  world.io.restart();
  world.io.run();
  std::_Exit(0);  // what is under way ends with the process, as in a real one that is killed
}

}  // namespace
}  // namespace headwind::api

int main(int count, char** arguments) {
  const std::string_view mode = count == 2 ? arguments[1] : "";
  if (mode == "none" || mode == "token") return headwind::api::serve(mode == "token");
  std::fprintf(stderr, "usage: approval_server none|token\n");
  return 2;
}
