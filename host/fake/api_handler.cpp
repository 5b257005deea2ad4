// SPDX-License-Identifier: Apache-2.0
#include "fake/api_handler.hpp"

#include <boost/asio/post.hpp>
#include <charconv>
#include <optional>

namespace headwind::fake {
namespace {

net::ServerResponse respond(unsigned status, const Json& body) {
  net::ServerResponse response;
  response.status = status;
  response.headers.push_back({"Content-Type", "application/json"});
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return response;
}

net::ServerResponse respond_text(unsigned status, std::string text) {
  net::ServerResponse response;
  response.status = status;
  response.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});
  response.body = std::move(text);
  return response;
}

net::ServerResponse respond(const Failure& failure) {
  // Priority and fairness answers in plain text.
  net::ServerResponse response = failure.code == 429 ? respond_text(429, "Too many requests, please try again later.\n")
                                                     : respond(failure.code, failure.status);
  if (failure.retry_after_s > 0) response.headers.push_back({"Retry-After", std::to_string(failure.retry_after_s)});
  return response;
}

net::ServerResponse respond(const Outcome<Written>& written, unsigned status) {
  if (!written) return respond(written.error());
  net::ServerResponse response = respond(status, written->object);
  for (const std::string& warning : written->warnings) {
    std::string quoted;
    for (const char c : warning) quoted += c == '"' ? std::string("\\\"") : std::string(1, c);
    response.headers.push_back({"Warning", "299 - \"" + quoted + "\""});
  }
  return response;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

net::ServerResponse watch(const std::shared_ptr<ApiState>& state, const Call& call, Selector selector) {
  const std::string version = call.query.get("resourceVersion");
  const auto from = parse_number(version.empty() ? "0" : version);
  if (!from) {
    Failure refused = failure(500, "resourceVersion: Invalid value: \"" + version + "\"");
    refused.status.erase("reason");
    return respond(refused);
  }
  const auto seconds = parse_number(call.query.get("timeoutSeconds")).value_or(1800);
  WatchQuery query{*call.type,
                   call.name_space,
                   std::move(selector),
                   std::nullopt,
                   call.query.get("allowWatchBookmarks") == "true",
                   std::chrono::seconds(seconds)};
  if (*from > 0 && call.query.get("sendInitialEvents") != "true") query.from = *from;
  const std::shared_ptr<Watch> opened = state->watches.open(std::move(query));
  net::ServerResponse response;
  response.headers.push_back({"Content-Type", "application/json"});
  response.next_piece = [state, opened] { return state->watches.next(opened); };
  return response;
}

net::ServerResponse read_many(const std::shared_ptr<ApiState>& state, const Call& call) {
  Outcome<Selector> selector = Selector::parse(call.query.get("labelSelector"), call.query.get("fieldSelector"));
  if (!selector) return respond(selector.error());
  if (call.verb == "watch") return watch(state, call, std::move(*selector));
  const std::string limit_text = call.query.get("limit");
  const auto limit = parse_number(limit_text.empty() ? "0" : limit_text);
  if (!limit) return respond(failure(400, "strconv.ParseInt: parsing \"" + limit_text + "\": invalid syntax"));
  const Outcome<Json> page = state->lister.list({*call.type, call.name_space, std::move(*selector),
                                                 static_cast<std::size_t>(*limit), call.query.get("continue")});
  return page ? respond(200, *page) : respond(page.error());
}

// The object in the body, made to fit the path; `kind` may be absent from those of built-in types.
Outcome<Json> read_body(const Call& call) {
  const std::string kind(call.type->kind);
  const std::string_view format = net::find_header(call.request.headers, "Content-Type");
  if (!format.empty() && format.find("json") == std::string_view::npos) {
    return failure(415,
                   "the body of the request was in an unknown format - accepted media types include: "
                   "application/json, application/yaml, application/vnd.kubernetes.protobuf");
  }
  Json body;
  const std::string unrecognized = "the object provided is unrecognized (must be of type " + kind + "): ";
  if (!parse_json(call.request.body, body) || !body.is_object()) {
    return failure(400, unrecognized + "couldn't get version/kind; json parse error");
  }
  const std::string got = text_at(body, {"kind"});
  const std::string version = text_at(body, {"apiVersion"});
  if (call.type->custom && got.empty()) return failure(400, unrecognized + "Object 'Kind' is missing");
  if ((!got.empty() && got != kind) || (!version.empty() && version != call.type->api_version())) {
    return failure(400, got + " in version \"" + version + "\" cannot be handled as a " + kind);
  }
  body["kind"] = kind;
  body["apiVersion"] = call.type->api_version();
  return Outcome<Json>(std::move(body));
}

net::ServerResponse write(ApiState& state, const Call& call) {
  const std::vector<std::string> dry_run = call.query.all("dryRun");
  for (const std::string& value : dry_run) {
    if (value == "All") continue;
    static constexpr ResourceType kOptions{"meta.k8s.io", "v1", "", "", "CreateOptions", ""};
    return respond(invalid(
        kOptions, {},
        {{"FieldValueNotSupported", "dryRun", "Unsupported value: [\"" + value + "\"]: supported values: \"All\""}}));
  }
  const WriteTarget target{*call.type,       call.name_space,
                           call.name,        call.subresource == "status",
                           !dry_run.empty(), call.query.get("fieldValidation") == "Strict"};
  if (call.verb == "patch") {
    const std::string_view format = net::find_header(call.request.headers, "Content-Type");
    return respond(state.writer.patch(target, format, call.request.body), 200);
  }
  if (call.verb == "delete") {
    Json options = Json::object();
    if (!call.request.body.empty() && (!parse_json(call.request.body, options) || !options.is_object())) {
      return respond(failure(400, "the object provided is unrecognized (must be of type DeleteOptions)"));
    }
    return respond(state.writer.remove(target, options), 200);
  }
  Outcome<Json> body = read_body(call);
  if (!body) return respond(body.error());
  return call.verb == "create" ? respond(state.writer.create(target, std::move(*body)), 201)
                               : respond(state.writer.update(target, std::move(*body)), 200);
}

net::ServerResponse serve_resource(const std::shared_ptr<ApiState>& state, const Call& call, const User& user) {
  const ResourceType& type = *call.type;
  const bool known_subresource = call.subresource.empty() || (call.subresource == "status" && type.status);
  if (!known_subresource) {
    Failure refused = failure(404, "the server could not find the requested resource");
    refused.status["details"] = Json::object();
    return respond(refused);
  }
  const bool in_cluster_scope = type.namespaced && call.name_space.empty();
  const bool reads_many = call.verb == "list" || call.verb == "watch";
  const bool wrong_scope = in_cluster_scope && !reads_many;
  const bool wrong_status = !call.subresource.empty() && call.verb == "delete";
  if (call.verb.empty() || call.verb == "deletecollection" || wrong_scope || wrong_status ||
      (!type.stored && call.verb != "create")) {
    Failure refused = failure(405, "the server does not allow this method on the requested resource");
    refused.status["details"] = Json::object();
    return respond(refused);
  }
  if (!type.stored) {
    const Outcome<Json> body = read_body(call);
    const Outcome<Json> answer = body ? state->access.review(type, *body, user) : body;
    return answer ? respond(201, *answer) : respond(answer.error());
  }
  if (reads_many) return read_many(state, call);
  if (call.verb != "get") return write(*state, call);
  const ObjectPtr found = state->store.find(type, call.name_space, call.name);
  return found ? respond(200, *found) : respond(not_found(type, call.name));
}

net::ServerResponse serve(const std::shared_ptr<ApiState>& state, const Call& call, const User& user) {
  if (call.type != nullptr) {
    const AccessRequest asked{call.verb, std::string(call.type->group), call.resource_name(), call.name_space,
                              call.name};
    // Reviews of oneself are open to everyone, as upstream.
    const bool open = !state->options.enforce_access || call.type->kind == "SelfSubjectAccessReview";
    if (!open && !state->access.allowed(user, asked)) return respond(forbidden(user, asked));
    return serve_resource(state, call, user);
  }
  const std::string& path = call.request.path;
  if (path == "/healthz" || path == "/livez" || path == "/readyz") return respond_text(200, "ok");
  if (path == "/version" || path == "/version/") {
    return respond(
        200, {{"major", "1"}, {"minor", "36"}, {"gitVersion", "v1.36.1-headwind-fake"}, {"platform", "linux/amd64"}});
  }
  const Json document = path.starts_with("/api") ? discovery_document(path) : Json();
  if (!document.is_null()) return respond(200, document);
  if (path.starts_with("/api/v1/") || (path.starts_with("/apis/") && std::count(path.begin(), path.end(), '/') > 3)) {
    Failure refused = failure(404, "the server could not find the requested resource");
    refused.status["details"] = Json::object();
    return respond(refused);
  }
  return respond_text(404, "404 page not found\n");
}

// Nothing: 401.
const User* authenticate(const ApiState& state, const net::ServerRequest& request) {
  const std::string_view header = net::find_header(request.headers, "Authorization");
  constexpr std::string_view kScheme = "Bearer ";
  if (header.starts_with(kScheme)) return state.access.find(header.substr(kScheme.size()));
  return state.options.anonymous.name.empty() ? nullptr : &state.options.anonymous;
}

}  // namespace

ApiState::ApiState(Executor run_on, ApiServerOptions chosen)
    : executor(std::move(run_on)),
      options(std::move(chosen)),
      store(options.history_limit),
      writer(store, *options.clock),
      lister(store),
      watches(executor, store, options.bookmark_interval) {}

void ApiState::make_first_objects() {
  if (options.roll_out) {
    const auto defer = [weak = weak_from_this()](std::function<void()> work) {
      const auto state = weak.lock();
      if (!state) return;
      boost::asio::post(state->executor, [weak, work = std::move(work)] {
        if (const auto alive = weak.lock()) work();
      });
    };
    rollout = std::make_unique<Rollout>(store, writer, *options.clock, defer);
  }
  const ResourceType& namespaces = *find_resource("", "v1", "namespaces");
  for (const char* name : {"default", "kube-system"}) {
    Json object = {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}};
    writer.create({namespaces, {}, name, false, false, false}, std::move(object));
  }
}

Task<net::ServerResponse> handle(std::shared_ptr<ApiState> state, net::ServerRequest request) {
  const Call call(std::move(request));
  const User* found = authenticate(*state, call.request);
  const User user = found != nullptr ? *found : User{};
  LoggedRequest entry;
  entry.verb = call.verb;
  entry.resource = call.resource_name();
  entry.name_space = call.name_space;
  entry.name = call.name;
  entry.method = call.request.method;
  entry.path = call.request.path;
  entry.query = call.request.query;
  entry.user = user.name;
  entry.user_agent = std::string(net::find_header(call.request.headers, "User-Agent"));
  entry.body = call.request.body;
  if (state->observer) state->observer(entry);

  net::ServerResponse response;
  const std::optional<Fault> fault = state->faults.take(call.verb, entry.resource);
  if (fault && fault->delay.count() > 0) co_await sleep_for(fault->delay);
  if (found == nullptr) {
    response = respond(failure(401, "Unauthorized"));
  } else if (fault && fault->status != 0 && !fault->after_effect) {
    Failure asked = failure(fault->status, "the fault that was asked for");
    asked.retry_after_s = fault->retry_after_s;
    response = respond(asked);
  } else {
    response = serve(state, call, user);
    if (fault && fault->after_effect) response = respond(failure(fault->status, "the answer was lost"));
  }
  entry.status = response.status;
  state->requests.push_back(std::move(entry));
  co_return response;
}

}  // namespace headwind::fake
