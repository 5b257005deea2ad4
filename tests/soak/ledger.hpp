// SPDX-License-Identifier: Apache-2.0
// What the operator wrote and the API server accepted, from the audit log. What a killed API server did not write down
// any more is missing there.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace headwind::soak {

// One image field of one accepted patch.
struct Move {
  std::string workload;  // "Deployment soak-a/w0", as Target::key()
  std::string uid, container, from, to;
  std::string request_uid, by;  // of the new history entry
  bool back = false;            // to what ran before: such an entry names a request, and no digest that was confirmed
  std::int64_t at_ms = 0;
};

struct Ledger {
  std::vector<Move> moves;  // in order
  std::size_t patches = 0;  // of workloads
  std::size_t requests = 0;
};

Ledger read_ledger(std::uint64_t since = 0);

}  // namespace headwind::soak
