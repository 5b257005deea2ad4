// SPDX-License-Identifier: Apache-2.0
// What reading indexes needs of a call beyond what every registry client needs: bodies in pieces, and patience.
#pragma once
#include <functional>
#include <string_view>

#include "registries/core/transport.hpp"
#include "registries/helm/chart_index.hpp"

namespace headwind::registries::helm {

// Takes a piece of a body. False: enough, which is no failure.
using OnBody = std::function<bool(std::string_view)>;

class IndexTransport : public Transport {
 public:
  // As exchange, but the body of a 200 goes to `on_body`, and the response has none.
  virtual Outcome<Response> stream(const Request& request, const OnBody& on_body) = 0;
  // Whether the call must come to an end.
  virtual bool is_out_of_time() = 0;
  // An index was read. `url`: the repository's.
  virtual void note(std::string_view url, const ChartIndex& index) = 0;
};

}  // namespace headwind::registries::helm
