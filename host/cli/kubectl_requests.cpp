// SPDX-License-Identifier: Apache-2.0
// UpdateRequests: list and show ask the Kubernetes API, so they work while Headwind does not; approve, reject and
// release are orders to Headwind.
#include <algorithm>
#include <cstdio>
#include <utility>

#include "cli/commands.hpp"
#include "cli/json_document.hpp"
#include "cli/kubectl_annotate.hpp"
#include "cli/kubectl_orders.hpp"
#include "cli/kubectl_print.hpp"
#include "cli/plugin_table.hpp"
#include "core/text.hpp"
#include "update/request.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* group = "/apis/headwind.sh/v1alpha1";

std::string requests_path(const std::string& name_space, const std::string& name = {}) {
  return std::string(group) + (name_space.empty() ? "" : "/namespaces/" + in_path(name_space)) + "/updaterequests" +
         (name.empty() ? "" : "/" + in_path(name));
}

// The requests, from Headwind where its address is given, else from the Kubernetes API.
Task<Result<JsonDocument>> read_requests(Way way, KubectlOptions options) {
  const std::string name_space = options.all_namespaces ? std::string() : way->name_space();
  const bool direct = way->is_direct();
  Result<ApiAnswer> answer = make_error(Code::internal, "nothing was asked");
  if (direct)
    answer =
        co_await way->api("GET", "/api/v1/updates" + (name_space.empty() ? "" : "?namespace=" + in_path(name_space)));
  else
    answer = co_await way->kube("GET", requests_path(name_space));
  if (!answer) co_return answer.error();
  if (answer->status != 200) co_return make_error(Code::denied, refusal_of(*answer));
  Json document = Json::parse(answer->body, nullptr, false);
  if (direct && document.is_array()) co_return JsonDocument{std::move(document)};
  if (document.is_object() && document.contains("items") && document["items"].is_array())
    co_return JsonDocument{std::move(document["items"])};
  co_return make_error(Code::invalid, "the answer is no list of UpdateRequests");
}

std::string phase_of(const Json& request) {
  const std::string phase = text_at(request, "/status/phase");
  return phase.empty() ? "Pending" : phase;
}

std::string count_of_approvals(const Json& request) {
  const auto at = Json::json_pointer("/status/approvals");
  const std::size_t given = request.contains(at) && request.at(at).is_array() ? request.at(at).size() : 0;
  const std::string wanted = text_at(request, "/spec/requiredApprovals");
  return std::to_string(given) + "/" + (wanted.empty() ? "1" : wanted);
}

Row row_of(const Json& request, bool wide) {
  const auto or_dash = [&](const char* pointer) {
    const std::string text = text_at(request, pointer);
    return text.empty() ? std::string("-") : text;
  };
  Row row{text_at(request, "/metadata/namespace"),
          text_at(request, "/metadata/name"),
          text_at(request, "/spec/targetRef/kind") + "/" + text_at(request, "/spec/targetRef/name"),
          or_dash("/spec/containerName"),
          text_at(request, "/spec/currentImage"),
          text_at(request, "/spec/newImage"),
          count_of_approvals(request),
          phase_of(request),
          age_of(text_at(request, "/metadata/creationTimestamp"))};
  if (wide)
    for (const char* pointer :
         {"/spec/policy", "/spec/expiresAt", "/status/approvedBy", "/spec/digest", "/status/message"})
      row.push_back(or_dash(pointer));
  return row;
}

// The phases of --phase, in lower case. One that does not exist would only find nothing.
Result<std::vector<std::string>> phases_of(const std::string& option) {
  std::vector<std::string> known, wanted;
  std::string names;
  for (int i = 0; i <= static_cast<int>(update::Phase::rolled_back); ++i) {
    const std::string name(update::to_string(static_cast<update::Phase>(i)));
    names += (names.empty() ? "" : ", ") + name;
    known.push_back(to_lower(name));
  }
  for (const std::string_view given : split(option, ',')) {
    const std::string phase = to_lower(trim(given));
    if (phase.empty()) continue;
    if (std::find(known.begin(), known.end(), phase) == known.end())
      return make_error(Code::invalid,
                        "--phase: '" + printable(trim(given), 100) + "' is no phase; there are " + names);
    wanted.push_back(phase);
  }
  return wanted;
}

// What Headwind answered to an order, in a line. 0.1.x's clients know the request as it stands, or a message.
int report(const std::string& body) {
  const Json answer = Json::parse(body, nullptr, false);
  if (answer.is_object() && answer.contains("status")) {
    const std::string message = text_at(answer, "/status/message");
    std::printf("%s/%s: %s%s\n", text_at(answer, "/metadata/namespace").c_str(),
                text_at(answer, "/metadata/name").c_str(), phase_of(answer).c_str(),
                message.empty() ? "" : (" (" + message + ")").c_str());
    return phase_of(answer) == "Failed" ? failed : done;
  }
  std::printf("%s/%s: %s\n", text_at(answer, "/namespace").c_str(), text_at(answer, "/name").c_str(),
              text_at(answer, "/message").c_str());
  return done;
}

Json body_of(const KubectlOptions& options) {
  Json body = Json::object();
  if (!options.approver.empty()) body["approver"] = options.approver;
  if (!options.reason.empty()) body["reason"] = options.reason;
  if (!options.comment.empty()) body["comment"] = options.comment;
  if (!options.digest.empty()) body["digest"] = options.digest;
  return body;
}

std::string as_text(const Json& body) { return body.dump(-1, ' ', false, Json::error_handler_t::replace); }

// The API server said no before it passed the call on: an answer can be written on the request instead. Whatever broke
// later may have arrived, and is told.
bool never_arrived(const ApiAnswer& answer) {
  if (!answer.of_api_server) return false;
  if (answer.status == 403 || answer.status == 404) return true;
  if (answer.status != 502 && answer.status != 503) return false;
  const std::string why = refusal_of(answer);
  return why.find("error trying to reach service") == std::string::npos || why.find("dial ") != std::string::npos;
}

Task<int> order(Way way, KubectlOptions options, std::string name, std::string what) {
  const bool answers = what == "approve" || what == "reject";
  bool annotate = options.annotate;
  if (answers && !annotate && !way->is_direct()) {
    const Result<bool> token = co_await way->has_token();
    if (!token) co_return complain(token.error().message, failed);
    annotate = !*token;
  }
  if (!annotate) {
    const std::string path = "/api/v1/updates/" + in_path(way->name_space()) + "/" + in_path(name) + "/" + what;
    const Result<ApiAnswer> answer = co_await way->api("POST", path, as_text(body_of(options)));
    if (answer && answer->status == 200) co_return report(answer->body);
    std::string why = answer ? refusal_of(*answer) : answer.error().message;
    if (!answers || way->is_direct()) co_return complain(why, failed);
    if (!answer || !never_arrived(*answer)) {
      const bool unclear = !answer || (answer->of_api_server && answer->status >= 500) || answer->status == 502 ||
                           answer->status == 504;  // without a Status: of a proxy before the API server
      if (unclear) why += "; it may have arrived: kubectl headwind show tells, before you answer again";
      co_return complain(why, failed);
    }
    // The annotation would be written by another user: the kubeconfig's.
    if (way->has_given_token())
      co_return complain(
          why + "; to answer as the user of your kubeconfig instead of HEADWIND_TOKEN's, give --annotate", failed);
    std::fprintf(stderr, "headwind: %s; the answer is written on the UpdateRequest instead\n", why.c_str());
  }
  Answer answer{way->name_space(), name, what == "approve", options.comment.empty() ? options.reason : options.comment,
                options.digest};
  const Result<std::string> stored = co_await answer_by_annotation(way, std::move(answer));
  if (!stored) co_return complain(stored.error().message, failed);
  co_return report(*stored);
}

// As kubectl shows objects.
void hide_managed_fields(Json& object) {
  if (const auto metadata = object.find("metadata"); metadata != object.end() && metadata->is_object())
    metadata->erase("managedFields");
}

}  // namespace

Task<int> list_requests(Way way, KubectlOptions options) {
  const Result<std::vector<std::string>> phases = phases_of(options.phase);
  if (!phases) co_return complain(phases.error().message, wrong_usage);
  Result<JsonDocument> all = co_await read_requests(way, options);
  if (!all) co_return complain(all.error().message, failed);
  Json kept = Json::array();
  for (Json& request : all->json)
    if (phases->empty() || std::find(phases->begin(), phases->end(), to_lower(phase_of(request))) != phases->end())
      kept.push_back(std::move(request));
  for (Json& request : kept) hide_managed_fields(request);
  if (print_document({{"apiVersion", "v1"}, {"kind", "List"}, {"items", kept}}, options.output)) co_return done;
  const bool wide = options.output == "wide";
  std::vector<Row> rows{{"NAMESPACE", "NAME", "WORKLOAD", "CONTAINER", "CURRENT", "NEW", "APPROVALS", "PHASE", "AGE"}};
  if (wide) rows.front().insert(rows.front().end(), {"POLICY", "EXPIRES", "APPROVED BY", "DIGEST", "MESSAGE"});
  for (const Json& request : kept) rows.push_back(row_of(request, wide));
  if (rows.size() == 1)
    std::fprintf(stderr, "No UpdateRequests found%s.\n",
                 options.all_namespaces ? "" : (" in namespace " + way->name_space()).c_str());
  else
    print_table(rows);
  co_return done;
}

Task<int> show_requests(Way way, KubectlOptions options) {
  int code = done;
  for (const std::string& name : options.words) {
    Result<ApiAnswer> answer = make_error(Code::internal, "nothing was asked");
    if (way->is_direct())
      answer = co_await way->api("GET", "/api/v1/updates/" + in_path(way->name_space()) + "/" + in_path(name));
    else
      answer = co_await way->kube("GET", requests_path(way->name_space(), name));
    if (!answer) co_return complain(answer.error().message, failed);
    if (answer->status != 200) {
      code = complain(refusal_of(*answer), failed);
      continue;
    }
    Json request = Json::parse(answer->body, nullptr, false);
    if (request.is_object()) hide_managed_fields(request);
    print_document(request, options.output.empty() || options.output == "wide" ? "yaml" : options.output);
  }
  co_return code;
}

Task<int> approve_requests(Way way, KubectlOptions options) {
  if (!options.digest.empty() && options.words.size() > 1)
    co_return complain("--digest is of one UpdateRequest; approve them one by one", wrong_usage);
  int code = done;
  for (const std::string& name : options.words) {
    const int one = co_await order(way, options, name, "approve");
    code = std::max(code, one);
  }
  co_return code;
}

Task<int> reject_request(Way way, KubectlOptions options) {
  const std::string name = options.words.front();
  std::string more;
  for (std::size_t i = 1; i < options.words.size(); ++i) more += (more.empty() ? "" : " ") + options.words[i];
  if (options.reason.empty()) options.reason = more;
  co_return co_await order(way, options, name, "reject");
}

Task<int> release_requests(Way way, KubectlOptions options) {
  int code = done;
  for (const std::string& name : options.words) {
    const int one = co_await order(way, options, name, "release");
    code = std::max(code, one);
  }
  co_return code;
}

}  // namespace headwind::cli
