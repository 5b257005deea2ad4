// SPDX-License-Identifier: Apache-2.0
// Which credentials fit an image: the matching of the kubelet (k8s.io/kubernetes/pkg/credentialprovider/keyring.go).
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "credentials/docker_config.hpp"

namespace headwind::credentials {

// The entries of one or several Secrets, in the order in which they were added.
class Keyring {
 public:
  void add(const DockerConfig& config);
  bool empty() const { return by_key_.empty(); }

  // The accounts for a repository, with or without its host ("docker.io/library/nginx", "nginx"), the most special
  // first. A key fits where its host has as many labels, each a glob (*, ?, [a-z]) of the other's, the same port or
  // none, and a path that the repository's begins with, letter by letter. Where none fits, Docker Hub's images get
  // what stands under index.docker.io. Empty: nobody's name.
  std::vector<Account> find(std::string_view repository) const;

 private:
  // Backwards, so that quay.io/coreos comes before quay.io. Keys that mean the same keep the order of their arrival.
  std::map<std::string, std::vector<Account>, std::greater<>> by_key_;
};

// "https://index.docker.io/v1/" -> "index.docker.io": what a key means. Empty where it means nothing.
std::string normalised_key(std::string_view key);
// Does the (normalised) key fit the repository?
bool key_fits(std::string_view key, std::string_view repository);
// Is the image, as it is written, one of Docker Hub's?
bool is_of_docker_hub(std::string_view image);

}  // namespace headwind::credentials
