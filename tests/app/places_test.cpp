// SPDX-License-Identifier: Apache-2.0
#include "update/places.hpp"

#include <vector>

#include "net/loop.hpp"

namespace headwind::app {
namespace {

using Places = update::Places<std::string>;

class PlacesTest : public net::test::Loop {
 protected:
  Task<> visit(std::string host, bool hangs) {
    const Places::Place place = co_await places.take(host);
    order.push_back(host);
    most = std::max(most, ++inside[host]);
    do co_await sleep_for(std::chrono::milliseconds(1));
    while (hangs && !released);
    --inside[host];
    ++done;
  }
  Places places{2};
  std::map<std::string, std::size_t> inside;
  std::vector<std::string> order;
  std::size_t most = 0, done = 0;
  bool released = false;
};

TEST_F(PlacesTest, AHostThatHangsKeepsItsOwnPlacesOnly) {
  for (int i = 0; i < 4; ++i) spawn(executor(), "hang", visit("slow", true));
  for (int i = 0; i < 4; ++i) spawn(executor(), "quick", visit("quick", false));
  while (done < 4) io.run_one_for(net::test::patience);
  EXPECT_EQ(inside["slow"], 2u);
  EXPECT_EQ(inside["quick"], 0u);
  EXPECT_EQ(most, 2u);
  released = true;
  while (done < 8) io.run_one_for(net::test::patience);
}

TEST_F(PlacesTest, EveryoneGetsATurn) {
  for (int i = 0; i < 100; ++i) spawn(executor(), "visit", visit("r.io", false));
  while (done < 100) io.run_one_for(net::test::patience);
  EXPECT_EQ(most, 2u);
  EXPECT_EQ(order.size(), 100u);
}

}  // namespace
}  // namespace headwind::app
