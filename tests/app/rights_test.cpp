// SPDX-License-Identifier: Apache-2.0
#include "app/rights.hpp"

#include <gtest/gtest.h>

namespace headwind::app {
namespace {

// As kube-apiserver 1.36 words it.
constexpr const char* by_rbac =
    "updaterequests.headwind.sh is forbidden: User \"system:serviceaccount:headwind-system:headwind\" cannot create "
    "resource \"updaterequests\" in API group \"headwind.sh\" in the namespace \"shop\" (HTTP 403 to POST /apis)";

TEST(Rights, what_RBAC_refuses_is_tried_again_whatever_was_asked) {
  const Error error = without_our_rights(make_error(Code::denied, by_rbac));
  EXPECT_EQ(error.code, Code::unavailable);
  EXPECT_TRUE(error.retryable);
  EXPECT_TRUE(error.message.ends_with("apply deploy/20-rbac.yaml")) << error.message;
}

TEST(Rights, what_admission_refuses_is_refused_for_good) {
  for (const char* said :
       {"admission webhook \"images\" denied the request: User \"bob\" is not known",
        "pods \"web\" is forbidden: exceeded quota: small", "deployments.apps \"web\" is forbidden"}) {
    const Error error = without_our_rights(make_error(Code::denied, said));
    EXPECT_EQ(error.code, Code::denied) << said;
    EXPECT_FALSE(error.retryable);
  }
}

TEST(Rights, other_failures_stay_what_they_are) {
  EXPECT_EQ(without_our_rights(make_error(Code::not_found, by_rbac)).code, Code::not_found);
}

TEST(Definition, a_kind_that_is_missing_is_not_a_namespace_that_is) {
  // As kube-apiserver 1.36 words both.
  const Error kind = without_definition(
      make_error(Code::not_found, "the server could not find the requested resource (HTTP 404 to POST /apis)"));
  EXPECT_TRUE(kind.retryable);
  EXPECT_NE(kind.message.find("apply deploy/10-crd.yaml"), std::string::npos);
  EXPECT_EQ(without_definition(make_error(Code::not_found, "namespaces \"shop\" not found")).code, Code::not_found);
}

}  // namespace
}  // namespace headwind::app
