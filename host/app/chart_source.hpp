// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "app/related.hpp"

namespace headwind::app {

// How the source of a HelmRelease's chart is to be read, as the Flux object that it names says.
struct ChartSource {
  std::string secret;  // of spec.secretRef, "flux-system/charts"; empty: none
  // The Secret with the certificates for its host: of spec.certSecretRef, else where they may be, with its account.
  std::string certificates;
  std::string identity;  // of spec.provider: "gcp" or "azure", where it is to be read by our own; empty: by none
  std::string owner;     // who else writes the object that holds the version, where that is the source: with chartRef
  std::string held;      // one sentence why the object that holds the version is not changed; empty: it may be
  std::string unread;    // one sentence about what Headwind cannot follow there; empty: nothing
};

// The object that holds the version of a HelmRelease's chart beside it, "OCIRepository flux-system/app"; empty: none.
std::string version_holder(const std::string& object);

// `object`: the JSON of a HelmRelease. Empty where it names no source that is known.
ChartSource chart_source(const std::string& object, const RelatedObjects& related);

}  // namespace headwind::app
