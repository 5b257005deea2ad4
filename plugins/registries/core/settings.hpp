// SPDX-License-Identifier: Apache-2.0
// The settings of a registry plugin: where each host name is really served, and with which credentials.
//
//   {"hosts": {"docker.io": {"endpoint": "https://harbor.example.com/dockerhub",
//                            "mirrors": ["https://mirror.example.com", "http://10.0.0.7:5000"],
//                            "username": "ci", "password_secret": "hub", "token_hosts": ["login.example.com"]},
//              "*.example.com": {"username": "ci", "password_secret": "own"},
//              "*-docker.pkg.dev": {"identity": "gcp"}},
//    "aliases": {"registry.internal:5000": "registry.example.com"}}
//
// A key may hold '*' (see host_pattern.hpp): the host's own key beats patterns, a longer pattern a shorter one.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/cloud.hpp"
#include "registries/core/outcome.hpp"

namespace headwind::registries {

struct Endpoint {
  std::string url;     // "https://harbor.example.com"; no path, no slash at its end
  std::string prefix;  // what repositories begin with there: "dockerhub/"; or empty
};

struct HostSettings {
  std::string endpoint;                  // "https://registry-1.docker.io"; no path, no slash at its end
  std::string prefix;                    // what repositories begin with there: "dockerhub/"; or empty
  std::vector<Endpoint> mirrors;         // asked in this order before the endpoint
  std::string username;                  // empty: anonymous
  std::string password_secret;           // the name of a granted secret
  Cloud identity = Cloud::none;          // instead of both: who this process is in that cloud
  std::vector<std::string> token_hosts;  // further hosts that may be shown the credentials for a token
};

class Settings {
 public:
  // Of JSON that the host has checked against settings_schema.
  static Outcome<Settings> parse(std::string_view json);

  // What is configured for a canonical host name, else its default: https, and Docker Hub's API host for docker.io.
  HostSettings of(std::string_view host) const;
  // The names under which images of the registry at this authority may be known: its alias alone where it has one,
  // else its own name and the hosts that have it as their endpoint under the same paths.
  std::vector<std::string> names_of(std::string_view authority) const;
  bool has_accounts() const;  // whether any host has a user name

 private:
  std::map<std::string, HostSettings, std::less<>> hosts_;
  std::map<std::string, std::string, std::less<>> aliases_;
};

// JSON Schema, draft 7.
inline constexpr std::string_view settings_schema = R"({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "hosts": {
      "type": "object",
      "description": "By the host that image references name; docker.io for Docker Hub. A * matches within one label.",
      "additionalProperties": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "endpoint": {"type": "string", "pattern": "^https?://[^/?#@]+(/[^?#]*)?$",
                       "description": "Where it is really served; http:// is plain HTTP. A path is put before the repositories. Default: https:// and the host."},
          "mirrors": {"type": "array", "items": {"type": "string", "pattern": "^https?://[^/?#@]+(/[^?#]*)?$"},
                      "description": "Like endpoint; asked before it, in this order. They get their own account, or none."},
          "username": {"type": "string"},
          "password_secret": {"type": "string", "description": "The name of a granted secret."},
          "identity": {"enum": ["gcp", "azure"],
                       "description": "Instead of an account: who this process is at Google or Azure. For their hosts only, where a call brings no account."},
          "token_hosts": {"type": "array", "items": {"type": "string"},
                          "description": "Hosts of another domain that may be shown the credentials for a token."}
        }
      }
    },
    "aliases": {
      "type": "object",
      "description": "From the host that a notification names to the host that image references name.",
      "additionalProperties": {"type": "string"}
    }
  }
})";

}  // namespace headwind::registries
