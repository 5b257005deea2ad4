// SPDX-License-Identifier: Apache-2.0
// Keeps a collection in step with the server: list in pages, then watch; 410 lists again into a new generation.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/aside.hpp"
#include "kube/client.hpp"
#include "kube/object.hpp"

namespace headwind::kube {

// Who is told. Calls come one at a time, on the client's executor; the next waits until the coroutine has ended.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void list_started() = 0;  // a new generation begins
  // A page, or what one read of the watch brought. A failure means that they could not be taken: they are shown again.
  virtual Task<Result<>> upsert(std::vector<Object> objects) = 0;
  virtual void removed(const Object& object) = 0;
  virtual void list_finished() = 0;   // whatever was not seen since list_started is gone
  virtual void lost(const Error&) {}  // list or watch failed; it is tried again with backoff
};

struct ReflectorOptions {
  std::size_t page_size = 500;
  std::chrono::seconds watch_timeout{290};  // asked of the server (timeoutSeconds), with jitter
  std::string label_selector = {}, field_selector = {};
  bool only_annotated =
      false;  // drop objects without any headwind.sh/ annotation before the sink (their removal is told)
  // Where the server does not serve the collection (404), run() ends, and the sink is told nothing: whoever began it
  // looks whether another version of the kind is served. Otherwise a 404 is trouble like any other, and nothing counts
  // as gone: a server that begins to answer serves custom kinds last, and a definition may be missing by mistake.
  bool ends_where_absent = false;
  bool drop_managed_fields = false;   // see Decoder
  std::shared_ptr<Aside> aside = {};  // where pages of lists are decoded; null: on the client's executor
};

// A watch that ends is taken up again where it was; only 410, as an answer or as an event, lists again. A sink that is
// slower than the server is waited for: what it has not taken is bounded by ending the watch.
class Reflector {
 public:
  // `collection` is a path: "/apis/apps/v1/deployments".
  Reflector(std::shared_ptr<Client> client, std::string collection, Sink& sink, ReflectorOptions options);
  ~Reflector();
  Task<> run();  // until stop(), or as the options say
  void stop();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace headwind::kube
