// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "kube/client.hpp"
#include "kube/reflector.hpp"

namespace headwind::app {

// A kind of objects, as its group serves it.
struct ServedKind {
  std::string group, plural;
  std::vector<std::string> versions;             // in order of preference; empty: the one that the server prefers
  bool optional = false;                         // without the right to list it, it is as if it were not served
  std::chrono::milliseconds look_again{15'000};  // while it is not served
  std::string name_space = {};                   // watched there alone; empty: in all
};

enum class Served : std::uint8_t { yes, no, denied, unknown };

// Keeps a sink in step with one kind: looks which of its versions the API server serves, waits for its definition to be
// installed where there is none, and looks again when the version goes away, as it does when a definition is upgraded.
// Only when no version is served any more does the kind count as gone.
class ServedWatch : public std::enable_shared_from_this<ServedWatch> {
 public:
  virtual ~ServedWatch() = default;
  static Task<> run(std::shared_ptr<ServedWatch> self);  // until stop()
  virtual void stop();
  void list_again();  // all objects are shown once more

 protected:
  ServedWatch(std::shared_ptr<kube::Client> client, ServedKind kind, kube::ReflectorOptions options);

  // It is served in that version: who is told of its objects. Asked again for each version that is found.
  virtual Task<kube::Sink*> found(std::string version) = 0;
  // It is not served, or that cannot be told now. Told at every look.
  virtual void absent(Served served) = 0;

  bool stopped() const { return stopped_; }
  const std::shared_ptr<kube::Client>& client() const { return client_; }

 private:
  Task<Served> find_version();
  std::string collection(const std::string& version) const;
  bool is_gone(Served served);
  Task<> pause(std::chrono::milliseconds duration) const;

  std::shared_ptr<kube::Client> client_;
  ServedKind kind_;
  kube::ReflectorOptions options_;
  std::string version_;  // that was found
  std::unique_ptr<kube::Reflector> reflector_;
  unsigned missed_ = 0;  // looks in a row that found none
  bool was_served_ = false, again_ = false, stopped_ = false;
};

// The first of `versions` that the discovery document of a group (APIGroup) serves, or where none are named the one
// that it prefers; empty where there is none.
std::string served_version(const std::string& group, const std::vector<std::string>& versions);

}  // namespace headwind::app
