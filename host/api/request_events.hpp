// SPDX-License-Identifier: Apache-2.0
// Changes of UpdateRequests, handed to whoever listens. Nobody who reads slowly holds up the engine: what waits for a
// listener is bounded, and one that falls behind is let go. Belongs to the engine's thread.
#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "core/async.hpp"
#include "update/engine.hpp"
#include "update/request_observer.hpp"

namespace headwind::api {

struct EventLimits {
  std::size_t listeners = 64;
  std::size_t waiting = 1000;                   // events of one listener
  std::size_t bytes = 1U << 20U;                // and their size
  std::chrono::milliseconds heartbeat{15'000};  // a comment after so much silence
  std::chrono::milliseconds recheck{60'000};    // whether a listener still may listen
};

class RequestEvents final : public update::RequestObserver {
 public:
  // Both end before the engine does.
  RequestEvents(update::Engine& engine, EventLimits limits);
  ~RequestEvents() override;
  RequestEvents(const RequestEvents&) = delete;
  RequestEvents& operator=(const RequestEvents&) = delete;

  // One that listens, for as long as it lives.
  class Listener {
   public:
    Listener(std::string name_space, EventLimits limits);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    // Waits, for a heartbeat at most, and returns all that happened as text of a stream of server-sent events: a
    // comment where nothing did. Empty: it fell behind, and has missed something.
    Task<std::string> next();

   private:
    friend class RequestEvents;
    void put(const update::UpdateRequest& request, const std::string& event);
    struct Impl;
    std::unique_ptr<Impl> impl_;
  };
  // Of one namespace, or of all where it is empty. Null: there are as many as there may be.
  std::shared_ptr<Listener> listen(std::string name_space);

  const EventLimits& limits() const { return limits_; }

 private:
  void request_changed(const update::UpdateRequest& request) override;
  void request_gone(const update::UpdateRequest& request) override;
  void put(const update::UpdateRequest& request, const char* what);

  update::Engine& engine_;
  EventLimits limits_;
  std::vector<std::weak_ptr<Listener>> listeners_;
};

}  // namespace headwind::api
