// SPDX-License-Identifier: Apache-2.0
// What happens in the run that is scraped: steps, each with the metrics that it moves.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "charts/charts_fixture.hpp"
#include "moody_server.hpp"

namespace headwind::monitoring {

using end_to_end::Annotations;
using end_to_end::Json;

struct Moved {
  std::string series;  // as /metrics writes it, without "headwind_"; of a histogram: its family
  double by = 0;       // exactly; 0: it goes up, and nobody can say how far
};
struct Step {
  std::string name;
  std::function<void()> act;
  std::vector<Moved> moved;
};

class Monitoring : public end_to_end::Charts {
 protected:
  void begin();               // the operator, with everybody whom it talks to
  std::vector<Step> steps();  // in their order
  // The value of a series now; of a histogram's family: how often it observed.
  double value(const std::string& series) const;

  static constexpr const char* trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";  // of the push of the first step

 private:
  std::vector<Step> pushes();
  std::vector<Step> answers();
  std::vector<Step> rollouts();
  std::vector<Step> polls();
  std::vector<Step> charts();

  std::string here(const std::string& name, const std::string& tag) const;    // in the registry that tells its pushes
  std::string silent(const std::string& name, const std::string& tag) const;  // in the one that does not
  void push(const std::string& name, const std::string& tag) const;
  // A Deployment of that name with that image, known to the operator.
  void run(const std::string& name, const std::string& image, Annotations annotations) const;
  void add_source(const std::string& name, const std::string& url) const;
  void decide(const std::string& verb) const;  // about the only request that waits
  bool waits() const;                          // exactly one request does

  MoodyServer limited_, moody_;
};

}  // namespace headwind::monitoring
