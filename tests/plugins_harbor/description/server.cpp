// SPDX-License-Identifier: Apache-2.0
// fake_harbor_server: the fake Harbor with a little content, on a free port of loopback. Prints the port; ends when its
// standard input does.
#include "plugins_harbor/fake_harbor.hpp"
#include "plugins_harbor/serve.hpp"

int main() {
  using headwind::registries::FakeHarbor;
  FakeHarbor harbor;
  auto& team = harbor.projects["team"];
  for (int i = 0; i < 250; ++i)
    team.repositories["web/app"].push_back({FakeHarbor::digest(i), {{"v" + std::to_string(i)}}});
  team.repositories["web/app"].push_back({FakeHarbor::digest(999), {}});
  harbor.projects["open"] = {.is_public = true, .repositories = {{"app", {{FakeHarbor::digest(1), {{"latest"}}}}}}};
  harbor.projects["cache"].registry_id = 1;
  harbor.users["robot$team+ci"] = {"s3cret", {"team", "cache"}};
  harbor.users["robot$puller"] = {"s3cret", {"team"}, false, false};
  return headwind::registries::serve(
      [&](const headwind::registries::Request& request) { return harbor.answer(request); });
}
