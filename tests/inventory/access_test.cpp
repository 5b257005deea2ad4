// SPDX-License-Identifier: Apache-2.0
#include "inventory/access.hpp"

#include <gtest/gtest.h>

namespace headwind::inventory {
namespace {

TEST(Access, GoesThroughItsTextAndBack) {
  for (const Access& access :
       {Access{"shop", "default", {}}, Access{"shop", "builder", {"regcred"}}, Access{"shop", "default", {"a", "b.c"}},
        Access{"shop", "default", {"a"}, "https://charts.example.com/stable/app", "flux-system/charts"},
        Access{"shop", "default", {}, "r.io/charts/app", "flux-system/charts", "flux-system/tls"},
        Access{"shop", "default", {"a"}, "r.io/charts/app", "", "flux-system/tls"},
        Access{"shop", "default", {}, "ghcr.io/charts/app", ""},
        Access{"shop", "default", {"a"}, "gcr.io/charts/app", "", "", "gcp"}})
    EXPECT_EQ(Access::of(access.text()), access) << access.text();
}

TEST(Access, LeavesOutWhatIsNoNameOfASecret) {
  EXPECT_EQ((Access{"shop", "", {"../other/secrets/x", "", "good", "a,b"}}.text()), "shop/default/good");
  EXPECT_EQ((Access{"shop", "", {}, "r.io/charts/app", "shop/../x"}.text()), "shop/default////r.io/charts/app");
  EXPECT_EQ(Access::of(""), Access{});
}

}  // namespace
}  // namespace headwind::inventory
