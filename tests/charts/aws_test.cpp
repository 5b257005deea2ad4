// SPDX-License-Identifier: Apache-2.0
// Charts in Amazon's registry: `provider: aws`, by the identity of the ECR plugin. moto checks the signatures.
#include <memory>
#include <stdexcept>

#include "charts_fixture.hpp"
#include "testbed/moto.hpp"

namespace headwind::end_to_end {
namespace {

using testbed::Moto;

class AmazonCharts : public Charts {};

TEST_F(AmazonCharts, provider_aws_is_the_identity_of_the_ECR_plugin) {
  auto amazon = Moto::start();
  ASSERT_TRUE(amazon) << amazon.error().message;
  const std::string repository = space + "/charts/app";
  (*amazon)->create_repository(repository);
  for (const char* version : {"1.2.3", "1.2.4"}) (*amazon)->put_image(repository, version);
  OperatorSettings with = settings();
  with.instances.push_back(
      {{"name", "ecr"}, {"plugin", "headwind.registry.ecr"}, {"settings", {{"api_endpoint", (*amazon)->url()}}}});
  with.environment = {"AWS_ACCESS_KEY_ID=" + (*amazon)->keys().id, "AWS_SECRET_ACCESS_KEY=" + (*amazon)->keys().secret,
                      "AWS_SESSION_TOKEN="};
  EndToEnd::start(with);
  add_repository("oci://" + Moto::registry_host() + "/" + space + "/charts", {{"provider", "aws"}});
  add_release({});
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(events_about(space, "web", "TagsNotRead"));
  EXPECT_THAT(events_about(space, "web", "ChartSource"), testing::IsEmpty());
  EXPECT_THAT((*amazon)->log(), testing::Not(testing::HasSubstr("403"))) << "every signature was right";
}

}  // namespace
}  // namespace headwind::end_to_end
