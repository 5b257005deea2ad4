// SPDX-License-Identifier: Apache-2.0
// Who calls port 8081, and whether they may. In mode token each call carries a Kubernetes token: a TokenReview says
// who it is, a SubjectAccessReview whether that identity has the verb on a resource of headwind.sh.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "net/server.hpp"

namespace headwind::api {

struct Identity {
  std::string user, uid;  // user is empty in mode none
  std::vector<std::string> groups;
  std::map<std::string, std::vector<std::string>> extra;
};

class Authenticator {  // a TokenReview
 public:
  virtual ~Authenticator() = default;
  // Code::denied where the token is not valid.
  virtual Task<Result<Identity>> authenticate(std::string token) = 0;
};

struct Access {
  std::string verb;                         // get, list, approve, rollback; update of loglevels
  std::string name_space;                   // empty: all namespaces
  std::string name;                         // empty: no single object
  std::string resource = "updaterequests";  // of the group headwind.sh; loglevels are no objects, but may be granted
  auto operator<=>(const Access&) const = default;
};

class Authorizer {  // a SubjectAccessReview; must be given all of the identity, groups and extra too
 public:
  virtual ~Authorizer() = default;
  virtual Task<Result<bool>> allowed(Identity identity, Access access) = 0;
};

// What admit() found: an identity, or the answer that refuses the call.
struct Admission {
  Identity identity;                           // with a 403, too
  std::optional<net::ServerResponse> refusal;  // 401, 403, or 503 where the reviews cannot be made
};

// Asks both ports and remembers their answers, yes and no, for ten seconds. Keeps a hash of each token, never the
// token. Belongs to one thread.
class Gate {
 public:
  // Mode none: everybody may do everything, nobody has a name.
  Gate() = default;
  // Mode token. All must outlive the gate.
  Gate(Authenticator& authenticator, Authorizer& authorizer, const Clock& clock)
      : authenticator_(&authenticator), authorizer_(&authorizer), clock_(&clock) {}

  bool open() const { return authenticator_ == nullptr; }
  Task<Admission> admit(const net::Headers& headers, Access access);
  // Who calls, without asking for any right.
  Task<Admission> recognise(const net::Headers& headers);

  static constexpr std::int64_t kRememberedMs = 10'000;
  static constexpr std::size_t kMostRemembered = 1024;  // tokens; beyond, the oldest are forgotten

 private:
  struct Known {  // one token
    std::int64_t until_ms = 0;
    std::optional<Identity> identity;  // nothing: refused, as `why` says
    std::string why;
    struct Verdict {
      std::int64_t until_ms = 0;
      bool allowed = false;
    };
    std::map<Access, Verdict> verdicts;
  };
  // Who calls; `key` is that of the token then.
  Task<Admission> authenticate(const net::Headers& headers, std::string& key);
  Task<Result<Identity>> identify(std::string key, std::string token);
  Task<Result<bool>> permit(std::string key, Identity identity, Access access);
  void forget_old(std::int64_t now);

  Authenticator* authenticator_ = nullptr;
  Authorizer* authorizer_ = nullptr;
  const Clock* clock_ = nullptr;
  std::map<std::string, Known> known_;  // by SHA-256 of the token
};

}  // namespace headwind::api
