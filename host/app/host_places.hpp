// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "core/async.hpp"
#include "update/signal.hpp"

namespace headwind::app {

// How many questions each registry host is asked at once, whoever asks: a host that hangs keeps its own places, never
// those of others. First come, first served; one thread; must outlive the places.
class HostPlaces {
 public:
  explicit HostPlaces(std::size_t at_once) : at_once_(at_once) {}
  HostPlaces(const HostPlaces&) = delete;
  HostPlaces& operator=(const HostPlaces&) = delete;

  class Place {  // held while it lives
   public:
    Place(HostPlaces& places, std::string host) : places_(&places), host_(std::move(host)) {}
    Place(Place&& other) noexcept : places_(std::exchange(other.places_, nullptr)), host_(std::move(other.host_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (places_ != nullptr) places_->leave(host_);
    }

   private:
    HostPlaces* places_;
    std::string host_;
  };
  Task<Place> take(std::string host);

 private:
  struct Host {
    std::size_t taken = 0;
    std::deque<std::shared_ptr<update::Signal>> waiting;
  };
  void leave(const std::string& host);
  std::size_t at_once_;
  std::map<std::string, Host> hosts_;  // those where somebody has a place
};

}  // namespace headwind::app
