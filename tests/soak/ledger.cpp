// SPDX-License-Identifier: Apache-2.0
#include "ledger.hpp"

#include <map>

#include "cluster.hpp"

namespace headwind::soak {
namespace {

using end_to_end::Json;

const std::map<std::string, std::string>& kinds() {
  static const std::map<std::string, std::string> all{{"deployments", "Deployment"},
                                                      {"statefulsets", "StatefulSet"},
                                                      {"daemonsets", "DaemonSet"},
                                                      {"cronjobs", "CronJob"}};
  return all;
}

// The newest entry of a container in the history that the patch writes.
Json newest(const Json& operations, const std::string& container) {
  for (const Json& one : operations) {
    if (one.value("op", "") != "add" || one.value("path", "") != "/metadata/annotations/headwind.sh~1update-history")
      continue;
    for (const Json& entry : Json::parse(one.at("value").get<std::string>()))
      if (entry.at("container") == container) return entry;
  }
  return Json::object();
}

// Each slot is tested by name, tested by image, and replaced, in this order.
void read_moves(const testbed::AuditEntry& entry, const std::string& kind, Ledger& ledger) {
  const Json operations = Json::parse(entry.body);
  Move move;
  move.workload = kind + " " + entry.name_space + "/" + entry.name;
  move.at_ms = entry.received_ms;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const Json& one = operations[i];
    if (one.at("path") == "/metadata/uid") move.uid = one.at("value");
    if (one.at("op") != "replace" || i < 2) continue;
    move.container = operations[i - 2].at("value");
    move.from = operations[i - 1].at("value");
    move.to = one.at("value");
    const Json written = newest(operations, move.container);
    move.request_uid = written.value("updateRequestUid", "");
    move.by = written.value("approvedBy", "");
    move.back = !move.request_uid.empty() && written.value("digest", "").empty();
    ledger.moves.push_back(move);
  }
}

}  // namespace

Ledger read_ledger(std::uint64_t since) {
  Ledger ledger;
  for (const auto& entry : end_to_end::plane().audit().entries({.user = end_to_end::operator_user}, since)) {
    if (entry.code / 100 != 2 || entry.uri.find("dryRun=") != std::string::npos) continue;
    if (entry.verb == "create" && entry.resource == "updaterequests") ++ledger.requests;
    const auto kind = kinds().find(entry.resource);
    if (entry.verb != "patch" || kind == kinds().end()) continue;
    ++ledger.patches;
    read_moves(entry, kind->second, ledger);
  }
  return ledger;
}

}  // namespace headwind::soak
