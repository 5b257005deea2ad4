// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::fake {

inline constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";

// What one repository holds. Content is addressed by digest and never goes; tags come and go.
class Repository {
 public:
  // Returns the manifest's digest.
  std::string push(std::string_view tag, std::string_view content);
  bool remove_tag(std::string_view tag);
  std::string digest(std::string_view tag) const;
  // By tag or digest; null where there is none.
  const std::string* manifest(std::string_view reference) const;
  const std::string* blob(std::string_view digest) const;
  const std::vector<std::string>& tags() const { return order_; }  // in order of their first push

 private:
  std::map<std::string, std::string, std::less<>> manifests_, blobs_, tags_;
  std::vector<std::string> order_;
};

}  // namespace headwind::fake
