// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace headwind::inventory {

// Where the credentials of a workload's pulls come from, as its pod template says, or the source of its chart.
struct Access {
  std::string name_space;
  std::string service_account;       // "default" where the template names none
  std::vector<std::string> secrets;  // that the template lists itself; a service account's own count only where none is

  // A chart is read with that Secret ("flux-system/charts"; empty: with none) and no other.
  std::string chart_repository = {}, chart_secret = {};
  // The Secret beside that one, or that one itself, which holds the certificates for the repository's host; or empty.
  // Where it is another one, the chart is not read without them.
  std::string chart_certificates = {};
  // Instead of both: "gcp" or "azure", whose identity of our pod reads the chart.
  std::string chart_identity = {};

  // "NAMESPACE/SERVICEACCOUNT/SECRET,SECRET", and back: what Workload::access holds. Names that Kubernetes would not
  // take are left out. With a chart, "/NAMESPACE/SECRET,CERTIFICATES/REPOSITORY" follows, or
  // "//,,IDENTITY/REPOSITORY".
  std::string text() const;
  static Access of(std::string_view text);
  bool operator==(const Access&) const = default;
};

}  // namespace headwind::inventory
