// SPDX-License-Identifier: Apache-2.0
// Manifests and indexes, of OCI and of Docker, as far as platforms and digests need them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/outcome.hpp"
#include "registries/core/platform.hpp"

namespace headwind::registries {

struct Descriptor {
  std::string media_type, digest;  // the digest is valid
  bool has_platform = false;
  Platform platform;
};

struct Manifest {
  std::string media_type;
  bool is_index = false;
  std::vector<Descriptor> entries;  // of an index: those that are images or indexes, without attestations
  Descriptor config;                // of a manifest; its digest is empty where there is none
};

// As it is asked for; never changed, since the digest that a tag names depends on it.
inline constexpr const char* manifest_types =
    "application/vnd.oci.image.index.v1+json,application/vnd.docker.distribution.manifest.list.v2+json,"
    "application/vnd.oci.image.manifest.v1+json,application/vnd.docker.distribution.manifest.v2+json";

bool is_index_type(std::string_view media_type);
bool is_manifest_type(std::string_view media_type);  // of one image or artifact
bool is_image_config_type(std::string_view media_type);

// A content type without its parameters, in lower case.
std::string media_type_of(std::string_view content_type);

// HW_UNAVAILABLE where the body is neither, or claims to be another thing than `media_type` (from the header; may be
// empty). Of such a body nothing may be believed.
Outcome<Manifest> parse_manifest(std::string_view body, const std::string& media_type);

// The platform that an image's configuration names; unknown where it names none.
Platform parse_image_config(std::string_view body);

}  // namespace headwind::registries
