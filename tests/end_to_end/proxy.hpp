// SPDX-License-Identifier: Apache-2.0
// Stands between the operator and the API server, counts the operator's writes, and strikes at the n-th.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "loop_thread.hpp"
#include "net/client.hpp"
#include "net/server.hpp"

namespace headwind::end_to_end {

enum class Moment : std::uint8_t { before, after };  // the server has done the write

class Proxy {
 public:
  Proxy();
  ~Proxy();
  std::string url() const;  // plain HTTP

  // Counts from here. At write `n` (from 1; 0: never) `strike` is called: before the server sees it (then it never
  // does), or after the server has answered and before the answer is passed on.
  void arm(std::size_t n = 0, Moment moment = Moment::before, std::function<void()> strike = {});
  // The same at the first write to `path`.
  void arm_at(const std::string& path, Moment moment, std::function<void()> strike);
  bool struck() const;
  // "PATCH /apis/..." since arm(). Kubernetes Events, questions (reviews, dry runs) and the notifiers' mark, whose
  // time is the clock's, do not count.
  std::vector<std::string> writes() const;

 private:
  struct Feed;
  Task<net::ServerResponse> answer(net::ServerRequest request);
  Task<net::ServerResponse> watch(net::Request request);
  Task<net::ServerResponse> pass_on(net::Request request);
  Task<> follow(net::Request request, std::shared_ptr<Feed> feed);
  bool is_turn(Moment moment, std::size_t number, const std::string& path);

  mutable std::mutex mutex_;
  std::vector<std::string> writes_;
  std::size_t at_ = 0;
  std::string path_;
  Moment moment_ = Moment::before;
  std::function<void()> strike_;
  bool struck_ = false;

  std::shared_ptr<const net::TlsSettings> tls_;
  LoopThread loop_;
  net::Client client_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace headwind::end_to_end
