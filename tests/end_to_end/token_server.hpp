// SPDX-License-Identifier: Apache-2.0
// A registry's token service, as distribution specifies it: checks a Basic account, grants of what is asked what the
// account may do, and signs that (RS256, its own key and certificate). It remembers every question.
//
//   TokenServer tokens;
//   tokens.allow("robot", "secret", {"team/app"});
//   const Registry registry({.configuration = tokens.configuration(), .authorization = tokens.pusher()});
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "loop_thread.hpp"
#include "net/server.hpp"

namespace headwind::end_to_end {

class TokenServer {
 public:
  struct Question {
    std::string user, password;  // empty: nobody in particular
    std::vector<std::string> scopes;
    bool known = false;  // the account is, and the password is right
  };

  // `told`: for how long clients believe that a token holds. Short: they ask again and again.
  explicit TokenServer(std::chrono::seconds told = std::chrono::seconds(300));
  ~TokenServer();

  // Lines of a registry's configuration that send its clients here.
  std::string configuration() const;
  // An account that may pull from those repositories; said again, its new password and repositories.
  void allow(const std::string& user, const std::string& password, std::vector<std::string> repositories);
  // For RegistryOptions::authorization: may do everything.
  std::function<std::string(const std::string& repository)> pusher() const;

  std::vector<Question> questions() const;
  std::vector<Question> questions_about(const std::string& repository) const;
  // All tokens that it gave away.
  std::vector<std::string> tokens() const;

 private:
  struct Account {
    std::string password;
    std::vector<std::string> repositories;
  };
  struct Key;
  Task<net::ServerResponse> answer(net::ServerRequest request);
  std::string sign(const std::string& access) const;
  std::string url() const;

  const std::chrono::seconds told_;
  mutable std::mutex mutex_;
  std::map<std::string, Account> accounts_;
  std::vector<Question> questions_;
  std::vector<std::string> tokens_;
  std::filesystem::path directory_;
  std::unique_ptr<Key> key_;
  LoopThread loop_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace headwind::end_to_end
