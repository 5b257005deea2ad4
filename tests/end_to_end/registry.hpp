// SPDX-License-Identifier: Apache-2.0
// A real registry on a free port; on request it tells its pushes itself, as registries do.
#pragma once
#include <functional>
#include <string>

#include "call.hpp"
#include "testbed/process.hpp"

namespace headwind::end_to_end {

enum class Program : std::uint8_t {
  docker_registry,  // Debian's docker-registry 2: lists all tags at once, unsorted
  distribution,     // distribution 3: sorted, in pages
  crane,            // crane's: no accounts, and it tells nobody
};

struct RegistryOptions {
  Program program = Program::docker_registry;
  std::string notified = {};       // the URL that is told of each push; empty: nobody is
  std::string configuration = {};  // more lines of its configuration, "auth: ..."
  // The Authorization of whoever pushes to that repository.
  std::function<std::string(const std::string& repository)> authorization = {};
};

class Registry {
 public:
  explicit Registry(RegistryOptions options = {});
  ~Registry();

  void start();  // at the same address with what was pushed before; returns when it answers
  void stop();   // nobody answers there any more

  const std::string& host() const { return host_; }  // "127.0.0.1:40123", as images name it
  // An image of one small layer, pushed by crane; every tag has another digest.
  void crane_push(const std::string& repository, const std::string& tag) const;
  // The same without a layer, by plain HTTP: quick. The digest that the tag names now: another for each `content`.
  std::string push(const std::string& repository, const std::string& tag, const std::string& content = {}) const;
  // What push() of these would answer.
  static std::string digest(const std::string& tag, const std::string& content = {});
  // One image under many tags: `range` as curl reads it in a URL, "1.0.[0-999]".
  void push_range(const std::string& repository, const std::string& range) const;
  // GET /v2/REPOSITORY/`path` with the pusher's rights.
  Reply read(const std::string& repository, const std::string& path) const;

 private:
  std::vector<std::string> command() const;
  net::Headers headers(const std::string& repository, const std::string& type) const;
  std::string url_of(const std::string& repository) const { return "http://" + host_ + "/v2/" + repository; }
  void push_configuration(const std::string& repository) const;

  RegistryOptions options_;
  std::filesystem::path directory_;
  std::string host_;
  testbed::Process process_;
};

}  // namespace headwind::end_to_end
