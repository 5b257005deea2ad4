// SPDX-License-Identifier: Apache-2.0
// Harbor's own list of a repository's tags, by its API v2.0: with the digest of each and the time of its push, which
// the distribution API does not tell.
//
// It does not always hold the truth, nor is it always there; then the distribution API is asked instead:
//   - a project that is a proxy cache lists only what was pulled through it, with the times of that;
//   - a robot may pull, yet not read the API; what stands before Harbor may hide it; an old Harbor has another one;
//   - the list of a repository that does not exist is empty rather than 404.
#pragma once
#include <functional>
#include <string>

#include "registries/core/remembered.hpp"
#include "registries/core/target.hpp"
#include "registries/harbor/artifact_page.hpp"

namespace headwind::registries {

class Artifacts {  // safe from several threads; each call brings its own transport
 public:
  explicit Artifacts(Settings settings) : settings_(std::move(settings)) {}

  struct Route {
    bool listed = false;  // otherwise the distribution API is to be asked
    std::string detour;   // to be told to keep_off, should it know the repository; or empty
  };
  using OnPage = std::function<hw_status(const hw::tag_page&)>;

  // Every tag once, page by page. `on_page` answers HW_OK to go on.
  Outcome<Route> list(const Repository& repository, Transport& transport, const OnPage& on_page);
  // The API refused what the distribution API then gave: it is not asked for a while.
  void keep_off(const std::string& detour, Transport& transport);

 private:
  enum class Project { plain, proxy, refused };
  Outcome<Project> look_up(const Target& target, const std::string& project, Transport& transport);

  Settings settings_;
  Remembered<Project> projects_;  // by place, account and project
};

}  // namespace headwind::registries
