// SPDX-License-Identifier: Apache-2.0
// Workloads: what ran, the way back, and why nothing happens.
#include <cstdio>
#include <map>
#include <set>
#include <utility>

#include "cli/commands.hpp"
#include "cli/explain.hpp"
#include "cli/json_document.hpp"
#include "cli/kubectl_orders.hpp"
#include "cli/kubectl_print.hpp"
#include "cli/plugin_table.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;

// The body of an answer that is a success, as JSON.
Task<Result<JsonDocument>> call(Way way, std::string method, std::string path, std::string body = {}) {
  const Result<ApiAnswer> answer = co_await way->api(std::move(method), std::move(path), std::move(body));
  if (!answer) co_return answer.error();
  if (answer->status != 200) co_return make_error(Code::denied, refusal_of(*answer));
  Json document = Json::parse(answer->body, nullptr, false);
  if (document.is_discarded()) co_return make_error(Code::invalid, "Headwind's answer is not JSON");
  co_return JsonDocument{std::move(document)};
}

std::string path_of(const ApiWay& way, const char* what, const NamedWorkload& workload) {
  return std::string("/api/v1/") + what + "/" + in_path(way.name_space()) + "/" + in_path(workload.kind) + "/" +
         in_path(workload.name);
}

// The phase of the request that remembers an image of a container as bad; by container and image.
using Bad = std::map<std::pair<std::string, std::string>, std::string>;

Task<Result<Bad>> remembered(Way way, NamedWorkload workload) {
  const Result<JsonDocument> requests =
      co_await call(way, "GET",
                    "/api/v1/updates?phase=Rejected,Failed,RolledBack&namespace=" + in_path(way->name_space()) +
                        "&kind=" + in_path(workload.kind) + "&deployment=" + in_path(workload.name));
  if (!requests) co_return requests.error();
  Bad bad;
  for (const Json& request : requests->json)
    bad[{text_at(request, "/spec/containerName"), text_at(request, "/spec/newImage")}] =
        text_at(request, "/status/phase");
  co_return bad;
}

}  // namespace

NamedWorkload workload_named(const std::string& word, const std::string& kind) {
  const auto slash = word.find('/');
  if (slash != std::string::npos) return {kind_named(word.substr(0, slash)), word.substr(slash + 1)};
  return {kind.empty() ? "Deployment" : kind_named(kind), word};
}

Task<int> show_history(Way way, KubectlOptions options) {
  const NamedWorkload workload = workload_named(options.words.front(), options.kind);
  Result<JsonDocument> history = co_await call(way, "GET", path_of(*way, "history", workload));
  if (!history) co_return complain(history.error().message, failed);
  const Result<Bad> bad = co_await remembered(way, workload);
  if (!bad) co_return complain(bad.error().message, failed);
  Json& entries = history->json["entries"];
  if (!entries.is_array()) co_return complain("Headwind's answer is no history", failed);
  for (Json& entry : entries)
    if (const auto known = bad->find({text_at(entry, "/container"), text_at(entry, "/image")}); known != bad->end())
      entry["bad"] = known->second;
  if (print_document(history->json, options.output)) co_return done;
  const bool wide = options.output == "wide";
  std::vector<Row> rows{{"CONTAINER", "INDEX", "IMAGE", "SINCE", "APPROVED BY", "UPDATE REQUEST", "BAD"}};
  if (wide) rows.front().emplace_back("DIGEST");
  std::map<std::string, std::vector<Row>> containers;  // the newest of each is entry 0
  for (const Json& entry : entries) {
    const auto or_dash = [&](const char* pointer) {
      const std::string text = text_at(entry, pointer);
      return text.empty() ? std::string("-") : text;
    };
    std::vector<Row>& of_container = containers[text_at(entry, "/container")];
    Row row{text_at(entry, "/container"), std::to_string(of_container.size())};
    for (const char* pointer : {"/image", "/timestamp", "/approvedBy", "/updateRequestName", "/bad"})
      row.push_back(or_dash(pointer));
    if (wide) row.push_back(or_dash("/digest"));
    of_container.push_back(std::move(row));
  }
  for (const auto& [container, of_container] : containers)
    rows.insert(rows.end(), of_container.begin(), of_container.end());
  print_table(rows);
  co_return done;
}

// The only one that has a history, so that the answer names it.
Task<Result<std::string>> only_container(Way way, NamedWorkload workload) {
  const Result<JsonDocument> history = co_await call(way, "GET", path_of(*way, "history", workload));
  if (!history) co_return history.error();
  std::set<std::string> names;
  for (const Json& entry : history->json.value("entries", Json::array())) names.insert(text_at(entry, "/container"));
  if (names.size() == 1) co_return *names.begin();
  if (names.empty())
    co_return make_error(Code::not_found, workload.kind + " " + workload.name + " has no history to go back in");
  co_return make_error(Code::invalid, workload.kind + " " + workload.name + ": name the container, one of " +
                                          join({names.begin(), names.end()}));
}

Task<int> roll_back(Way way, KubectlOptions options) {
  const NamedWorkload workload = workload_named(options.words.front(), options.kind);
  Result<std::string> container = options.words.size() > 1 ? options.words[1] : options.container;
  if (container->empty()) container = co_await only_container(way, workload);
  if (!container) co_return complain(container.error().message, failed);
  Json body{{"container", *container}};
  if (options.index) body["index"] = *options.index;
  if (!options.reason.empty()) body["reason"] = options.reason;
  if (!options.approver.empty()) body["user"] = options.approver;
  const Result<JsonDocument> answer = co_await call(way, "POST",
                                                    "/api/v1/rollback/" + in_path(way->name_space()) + "/" +
                                                        in_path(workload.name) + "?kind=" + in_path(workload.kind),
                                                    body.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (!answer) co_return complain(answer.error().message, failed);
  if (print_document(answer->json, options.output)) co_return done;
  std::printf("%s/%s: %s, %s runs %s\n", text_at(answer->json, "/namespace").c_str(),
              text_at(answer->json, "/deployment").c_str(), text_at(answer->json, "/message").c_str(),
              text_at(answer->json, "/container").c_str(), text_at(answer->json, "/image").c_str());
  co_return done;
}

Task<int> explain_workload(Way way, KubectlOptions options) {
  const NamedWorkload workload = workload_named(options.words.front(), options.kind);
  const std::string path = path_of(*way, "explain", workload);
  if (options.output == "json" || options.output == "yaml") {
    const Result<JsonDocument> document = co_await call(way, "GET", path);
    if (!document) co_return complain(document.error().message, failed);
    print_document(document->json, options.output);
    co_return done;
  }
  const Result<ApiAnswer> answer = co_await way->api("GET", path + "?format=text");
  if (!answer) co_return complain(answer.error().message, failed);
  if (answer->status != 200) co_return complain(refusal_of(*answer), failed);
  std::fputs(answer->body.c_str(), stdout);
  co_return done;
}

}  // namespace headwind::cli
