// SPDX-License-Identifier: Apache-2.0
// Host names, keys in XML and JSON, errors, lists of images and passwords, as something that plays Amazon may write
// them.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registries/core/json_text.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/url.hpp"
#include "registries/ecr/account.hpp"
#include "registries/ecr/credential_text.hpp"
#include "registries/ecr/host_name.hpp"
#include "registries/ecr/image_answers.hpp"

namespace registries = headwind::registries;
namespace ecr = headwind::registries::ecr;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_header_text(const std::string& text) {
  for (const char c : text)
    if (c <= ' ' || c >= 127) return false;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto host = ecr::parse_host_name(text)) {
    // What a host name yields is a URL of Amazon's and of nobody else.
    const auto origin = registries::origin_of(host->api_endpoint());
    require(origin && origin->scheme == "https" && host->api_endpoint().find_first_of("@?#\\ ") == std::string::npos);
    require(host->is_public || origin->host.find(host->region) != std::string::npos);
  }
  for (const auto& keys : {ecr::read_keys_xml(text), ecr::read_keys_json(text)})
    if (keys) require(is_header_text(keys->id) && is_header_text(keys->secret) && is_header_text(keys->session_token));
  const auto error = ecr::read_error_xml(text);
  require(error.empty() || ecr::is_error_name(error));
  const auto answer = registries::parse_json(text);
  if (const auto page = ecr::read_image_page(answer)) {
    require(page->tags.names.size() == page->tags.digests.size());
    require(page->tags.names.size() == page->tags.pushed_ms.size());
    for (const auto& name : page->tags.names) require(registries::is_valid_tag(name));
    for (const auto& digest : page->tags.digests) require(registries::is_valid_digest(digest));
  }
  if (const auto image = ecr::read_image(answer)) require(registries::is_valid_digest(image->digest));
  ecr::read_manifest(answer);
  const auto login = ecr::decode_login(text);
  require(login.empty() || (is_header_text(login) && login.find(':') != std::string::npos));
  return 0;
}
