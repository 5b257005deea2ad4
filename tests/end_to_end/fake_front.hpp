// SPDX-License-Identifier: Apache-2.0
// A fake registry of the plugins' own tests over HTTP, as the operator under test meets it. The fakes know images by
// their digests only; here each digest is that of an index, whose platforms are read before a workload is updated.
//
//   FakeFront front([&](const registries::Request& request) { return fake.answer(request); });
//   front.change([&] { fake.users["robot"] = ...; });
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "loop_thread.hpp"
#include "net/server.hpp"
#include "plugins_harbor/serve.hpp"

namespace headwind::end_to_end {

class FakeFront {
 public:
  struct Asked {
    std::string what;  // "GET /v2/team/app/tags/list?n=1000"
    std::string host;  // as the caller calls us
    int status = 0;
    std::int64_t unix_ms = 0, mono_ms = 0;  // when it was answered
  };

  explicit FakeFront(registries::Answer fake);
  ~FakeFront();
  std::uint16_t port() const { return server_->port(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

  // Changes what the fake holds, while it answers nobody.
  template <class Change>
  void change(Change change) {
    const std::lock_guard lock(mutex_);
    change();
  }
  // An image for linux/amd64, another one for each content; its digest.
  std::string add_image(const std::string& content);

  std::vector<Asked> asked() const;
  // How many of them begin with that, and were answered so; 0: anyhow.
  std::size_t count(const std::string& beginning, int status = 0) const;

 private:
  registries::Response answer(const registries::Request& request);

  mutable std::mutex mutex_;
  const registries::Answer fake_, answer_;
  std::map<std::string, std::string, std::less<>> images_;  // by digest
  std::vector<Asked> asked_;
  LoopThread loop_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace headwind::end_to_end
