// SPDX-License-Identifier: Apache-2.0
// Debian's docker-registry on a free port; on request it tells its pushes itself, as registries do.
#pragma once
#include <string>

#include "testbed/process.hpp"

namespace headwind::end_to_end {

class Registry {
 public:
  // `notified`: the URL that is told of each push; empty: nobody is.
  explicit Registry(const std::string& notified = {});
  ~Registry();

  const std::string& host() const { return host_; }  // "127.0.0.1:40123", as images name it
  // An image of one small layer, pushed by crane; every tag has another digest.
  void crane_push(const std::string& repository, const std::string& tag) const;
  // The same without a layer, by plain HTTP: quick. The digest that the tag names now: another for each `content`.
  std::string push(const std::string& repository, const std::string& tag, const std::string& content = {}) const;

 private:
  std::filesystem::path directory_;
  std::string host_;
  testbed::Process process_;
};

}  // namespace headwind::end_to_end
