// SPDX-License-Identifier: Apache-2.0
// One reading of a repository's index.yaml: conditional where an earlier one is at hand, in whose name, through which
// redirects, and what each answer means.
#pragma once
#include <optional>
#include <string>

#include "registries/core/account.hpp"
#include "registries/helm/chart_name.hpp"
#include "registries/helm/index_transport.hpp"

namespace headwind::registries::helm {

struct Validators {
  std::string etag, last_modified;  // either may be empty
};

struct FetchedIndex {
  std::optional<ChartIndex> index;  // nothing: it is as it was (304)
  Validators validators;
};

// Who asks. As with Helm the account is shown unasked, since many repositories answer 404 to strangers; only to the
// origin of the repository's URL, and over plain HTTP only where registries.HOST.endpoint says http:// for that host.
struct Asker {
  Account account;
  bool is_withheld = false;  // over plain HTTP
};
Asker asker_of(const ChartName& name, const Settings& settings, Transport& transport);

Outcome<FetchedIndex> fetch_index(const ChartName& name, const Asker& asker, const Validators& known,
                                  IndexTransport& transport);

}  // namespace headwind::registries::helm
