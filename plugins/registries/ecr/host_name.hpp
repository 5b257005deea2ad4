// SPDX-License-Identifier: Apache-2.0
// What the name of an Amazon registry says: whose it is, where, and at which addresses Amazon's APIs are there.
//
//   123456789012.dkr.ecr.eu-west-1.amazonaws.com      private; API at api.ecr.eu-west-1.amazonaws.com
//   123456789012.dkr.ecr-fips.us-gov-west-1...        the same with FIPS; API at api.ecr-fips...
//   123456789012.dkr-ecr.us-east-1.on.aws             dual-stack; API at ecr.us-east-1.api.aws
//   public.ecr.aws, ecr-public.aws.com                public; tags only by the OCI API
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace headwind::registries::ecr {

struct HostName {
  bool is_public = false;
  std::string account;  // twelve digits; like the rest, empty where public
  std::string region;
  std::string suffix;  // "amazonaws.com", "amazonaws.com.cn", "on.aws"
  bool fips = false;

  bool dual_stack() const { return suffix.starts_with("on."); }
  // "https://api.ecr.eu-west-1.amazonaws.com", without a slash at its end.
  std::string api_endpoint() const;
};

// Of a canonical host name; empty where it is not Amazon's.
std::optional<HostName> parse_host_name(std::string_view host);

// Lower-case letters, digits and hyphens: what may stand for a region in a host name.
bool is_region(std::string_view text);
// "https://sts.cn-north-1.amazonaws.com.cn": the regional token service, in the region's own partition.
std::string sts_endpoint(std::string_view region);

}  // namespace headwind::registries::ecr
