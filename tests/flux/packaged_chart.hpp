// SPDX-License-Identifier: Apache-2.0
// A small chart as `helm package` leaves it: a ConfigMap and a Deployment that tell its version.
#pragma once
#include <string>

namespace headwind::end_to_end {

enum class Flaw : std::uint8_t {
  none,
  unrenderable,  // a template stops with an error: nothing is written into the cluster
  refused,       // the API server refuses the Deployment, after it has taken the ConfigMap
};

// The bytes of app-VERSION.tgz.
std::string package_chart(const std::string& version, Flaw flaw = Flaw::none);

}  // namespace headwind::end_to_end
