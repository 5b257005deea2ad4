// SPDX-License-Identifier: Apache-2.0
// A Helm repository over HTTP, as `helm repo index` makes it, with an ETag and on request an account.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "call.hpp"
#include "loop_thread.hpp"
#include "net/server.hpp"

namespace headwind::end_to_end {

class ChartServer {
 public:
  ChartServer();
  ~ChartServer();

  std::string host() const;  // "127.0.0.1:40123"
  // The repository of that name: its URL.
  std::string url(const std::string& repository) const { return "http://" + host() + "/" + repository; }
  // What `helm repo index` would write when another version of a chart has been packaged.
  void publish(const std::string& repository, const std::string& chart, const std::string& version) {
    publish(repository, chart, version, chart + version);
  }
  // The same with the package itself, a .tgz, for who installs it.
  void publish(const std::string& repository, const std::string& chart, const std::string& version,
               const std::string& package);
  // A line of the index that no Helm would write.
  void spoil(const std::string& repository, const std::string& entry);
  void guard(const std::string& repository, const std::string& user, const std::string& password);
  // The status codes with which the index of that repository was answered.
  std::vector<unsigned> answers(const std::string& repository) const;

 private:
  struct Package {
    std::string version, content;
  };
  struct Repository {
    std::map<std::string, std::vector<Package>> charts;
    std::string spoilt, authorization;
    std::vector<unsigned> answers;
    std::string index() const;
    const std::string* package(const std::string& file) const;  // "app-1.2.3.tgz"; null: there is none
  };
  Task<net::ServerResponse> answer(net::ServerRequest request);
  net::ServerResponse index_of(Repository& repository, const net::ServerRequest& request) const;

  mutable std::mutex mutex_;
  std::map<std::string, Repository> repositories_;
  LoopThread loop_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace headwind::end_to_end
