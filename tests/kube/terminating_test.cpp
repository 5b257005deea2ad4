// SPDX-License-Identifier: Apache-2.0
// A namespace that is being deleted takes nothing new: that is no missing right.
#include "kube/status.hpp"
#include "scripted.hpp"

namespace headwind::kube::test {
namespace {

Error error_of(const std::string& details) {
  return error_from({403, {}, status_body(403, "Forbidden", "unable to create new content in namespace shop", details)},
                    "POST", "/apis/headwind.sh/v1alpha1/namespaces/shop/updaterequests");
}

TEST(Terminating, ANamespaceThatIsBeingDeletedIsNotThere) {
  const Error error = error_of(R"({"causes":[{"reason":"NamespaceTerminating","field":"metadata.namespace"}]})");
  EXPECT_EQ(error.code, Code::not_found);
  EXPECT_FALSE(error.retryable);
  EXPECT_NE(error.message.find("unable to create new content"), std::string::npos);
}

TEST(Terminating, AnotherRefusalIsStillARefusal) {
  for (const char* details :
       {"{}", R"({"causes":[{"reason":"FieldValueInvalid"}]})", R"({"causes":["NamespaceTerminating",1]})"})
    EXPECT_EQ(error_of(details).code, Code::denied) << details;
}

}  // namespace
}  // namespace headwind::kube::test
