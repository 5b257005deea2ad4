// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/host_name.hpp"

#include <gtest/gtest.h>

namespace headwind::registries::ecr {
namespace {

TEST(HostName, SaysWhereTheApiOfEachPartitionIs) {
  struct Row {
    const char* host;
    const char* region;
    const char* api;
  };
  // The endpoints are what botocore 1.44.8 computes.
  for (const auto& [host, region, api] : {
           Row{"123456789012.dkr.ecr.us-east-1.amazonaws.com", "us-east-1", "https://api.ecr.us-east-1.amazonaws.com"},
           Row{"123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", "us-east-1",
               "https://api.ecr-fips.us-east-1.amazonaws.com"},
           Row{"123456789012.dkr-ecr.us-east-1.on.aws", "us-east-1", "https://ecr.us-east-1.api.aws"},
           Row{"123456789012.dkr-ecr-fips.us-east-1.on.aws", "us-east-1", "https://ecr-fips.us-east-1.api.aws"},
           Row{"123456789012.dkr.ecr.us-gov-west-1.amazonaws.com", "us-gov-west-1",
               "https://api.ecr.us-gov-west-1.amazonaws.com"},
           Row{"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1",
               "https://api.ecr.cn-north-1.amazonaws.com.cn"},
           Row{"123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "cn-north-1",
               "https://ecr.cn-north-1.api.amazonwebservices.com.cn"},
           Row{"123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1",
               "https://api.ecr.us-iso-east-1.c2s.ic.gov"},
           Row{"123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1",
               "https://api.ecr.us-isob-east-1.sc2s.sgov.gov"},
           Row{"123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1",
               "https://api.ecr.eu-isoe-west-1.cloud.adc-e.uk"},
           Row{"123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1",
               "https://api.ecr.us-isof-south-1.csp.hci.ic.gov"},
           Row{"123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1",
               "https://api.ecr.eusc-de-east-1.amazonaws.eu"},
       }) {
    const auto name = parse_host_name(host);
    ASSERT_TRUE(name) << host;
    EXPECT_FALSE(name->is_public) << host;
    EXPECT_EQ(name->account, "123456789012") << host;
    EXPECT_EQ(name->region, region) << host;
    EXPECT_EQ(name->api_endpoint(), api) << host;
    EXPECT_EQ(name->fips, std::string(host).find("fips") != std::string::npos) << host;
  }
}

TEST(HostName, ThePublicRegistryHasTwoNames) {
  for (const char* host : {"public.ecr.aws", "ecr-public.aws.com"}) {
    const auto name = parse_host_name(host);
    ASSERT_TRUE(name) << host;
    EXPECT_TRUE(name->is_public);
    EXPECT_EQ(name->api_endpoint(), "https://api.ecr-public.us-east-1.amazonaws.com");
  }
}

TEST(HostName, OthersAreNotAmazons) {
  for (const char* host :
       {"", "docker.io", "123456789012", "123456789012.dkr.ecr.us-east-1", "123456789012.dkr.ecr..amazonaws.com",
        "12345678901.dkr.ecr.us-east-1.amazonaws.com", "1234567890123.dkr.ecr.us-east-1.amazonaws.com",
        "12345678901x.dkr.ecr.us-east-1.amazonaws.com", "123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.test",
        "123456789012.dkr.ecr.us-east-1.evil.test", "123456789012.dkr.ecr.us-east-1.amazonaws.com:443",
        "123456789012.dkr.ecr.us-east-1.xamazonaws.com", "123456789012.dkrxecr.us-east-1.amazonaws.com",
        "123456789012.dkr.ecr.a/b.amazonaws.com", "123456789012.dkr.ecr.a@b.amazonaws.com",
        "123456789012.dkr.ecr.-x.amazonaws.com", "evil.public.ecr.aws",
        "x123456789012.dkr.ecr.us-east-1.amazonaws.com"})
    EXPECT_FALSE(parse_host_name(host)) << host;
}

TEST(HostName, TheTokenServiceIsInTheRegionsOwnPartition) {
  for (const auto& [region, endpoint] : {std::pair{"eu-west-1", "https://sts.eu-west-1.amazonaws.com"},
                                         {"us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com"},
                                         {"cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn"},
                                         {"us-iso-east-1", "https://sts.us-iso-east-1.c2s.ic.gov"},
                                         {"us-isob-east-1", "https://sts.us-isob-east-1.sc2s.sgov.gov"},
                                         {"eu-isoe-west-1", "https://sts.eu-isoe-west-1.cloud.adc-e.uk"},
                                         {"us-isof-south-1", "https://sts.us-isof-south-1.csp.hci.ic.gov"},
                                         {"eusc-de-east-1", "https://sts.eusc-de-east-1.amazonaws.eu"}})
    EXPECT_EQ(sts_endpoint(region), endpoint);
}

}  // namespace
}  // namespace headwind::registries::ecr
