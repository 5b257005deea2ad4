// SPDX-License-Identifier: Apache-2.0
#include "fake/api_server.hpp"

#include <algorithm>

#include "fake/admission.hpp"
#include "fake/api_handler.hpp"
#include "fake/merge_patch.hpp"

namespace headwind::fake {

struct ApiServer::Impl {
  std::shared_ptr<ApiState> state;
  std::unique_ptr<net::Server> server;
};

Result<std::unique_ptr<ApiServer>> ApiServer::start(Executor executor, ApiServerOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->state = std::make_shared<ApiState>(executor, std::move(options));
  impl->state->make_first_objects();
  net::ServerOptions listening;
  listening.address = impl->state->options.address;
  listening.port = impl->state->options.port;
  auto server = net::Server::listen(executor, listening, [state = impl->state](net::ServerRequest request) {
    return handle(state, std::move(request));
  });
  if (!server) return in_context(server.error(), "fake API server");
  impl->server = std::move(*server);
  return std::unique_ptr<ApiServer>(new ApiServer(std::move(impl)));
}

ApiServer::ApiServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ApiServer::~ApiServer() {
  impl_->state->watches.end_all();
  impl_->state->observer = nullptr;
}

std::string ApiServer::url() const {
  return "http://" + impl_->state->options.address + ":" + std::to_string(impl_->server->port());
}

Result<> ApiServer::put(std::string_view text) {
  Json object;
  if (!parse_json(text, object) || !object.is_object()) return make_error(Code::invalid, "put: the object is not JSON");
  const std::string version = text_at(object, {"apiVersion"});
  const std::string kind = text_at(object, {"kind"});
  const ResourceType* type = find_kind(version, kind);
  if (type == nullptr || !type->stored) {
    return make_error(Code::unsupported, "put: kind " + version + " " + kind + " is not served");
  }
  ApiState& state = *impl_->state;
  Json& metadata = object_at(object, "metadata");
  if (text_at(metadata, {"name"}).empty()) return make_error(Code::invalid, "put: metadata.name is missing");
  if (type->namespaced && text_at(metadata, {"namespace"}).empty()) metadata["namespace"] = "default";
  const std::string name_space = text_at(metadata, {"namespace"});
  const ResourceType& namespaces = *find_resource("", "v1", "namespaces");
  if (type->namespaced && !state.store.find(namespaces, {}, name_space)) {
    Json made = {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name_space}}}};
    state.writer.create({namespaces, {}, name_space, false, false, false}, std::move(made));
  }
  Outcome<Admitted> admitted = admit(*type, std::move(object), nullptr, true);
  if (!admitted) return make_error(Code::invalid, "put: " + text_at(admitted.error().status, {"message"}));
  state.writer.put(*type, std::move(admitted->object));
  return {};
}

Result<> ApiServer::merge(std::string_view resource, std::string_view name_space, std::string_view name,
                          std::string_view patch) {
  const ResourceType* type = find_resource_by_name(resource);
  const ObjectPtr found = type != nullptr ? impl_->state->store.find(*type, name_space, name) : nullptr;
  if (!found)
    return make_error(Code::not_found, "merge: there is no " + std::string(resource) + " " + std::string(name));
  Json changes;
  if (!parse_json(patch, changes) || !changes.is_object())
    return make_error(Code::invalid, "merge: the patch is not JSON");
  Json next = *found;
  apply_merge_patch(next, changes);
  return put(next.dump());
}

std::string ApiServer::get(std::string_view resource, std::string_view name_space, std::string_view name) const {
  const ResourceType* type = find_resource_by_name(resource);
  const ObjectPtr found = type != nullptr ? impl_->state->store.find(*type, name_space, name) : nullptr;
  return found ? found->dump() : std::string();
}

std::vector<std::string> ApiServer::list(std::string_view resource, std::string_view name_space) const {
  std::vector<std::string> out;
  const ResourceType* type = find_resource_by_name(resource);
  if (type == nullptr) return out;
  for (const auto& [key, object] : impl_->state->store.objects(*type)) {
    if (name_space.empty() || text_at(*object, {"metadata", "namespace"}) == name_space) out.push_back(object->dump());
  }
  return out;
}

bool ApiServer::remove(std::string_view resource, std::string_view name_space, std::string_view name) {
  const ResourceType* type = find_resource_by_name(resource);
  return type != nullptr && impl_->state->store.remove(*type, name_space, name) != nullptr;
}

std::uint64_t ApiServer::resource_version() const { return impl_->state->store.revision(); }

void ApiServer::add_user(std::string token, User user) {
  impl_->state->access.add_user(std::move(token), std::move(user));
}
void ApiServer::remove_user(std::string_view token) { impl_->state->access.remove_user(token); }
void ApiServer::allow(AccessRule rule) { impl_->state->access.allow(std::move(rule)); }

const std::vector<LoggedRequest>& ApiServer::requests() const { return impl_->state->requests; }

std::size_t ApiServer::count(std::string_view verb, std::string_view resource) const {
  const auto& all = impl_->state->requests;
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const LoggedRequest& request) {
    return (verb == "*" || request.verb == verb) && (resource == "*" || request.resource == resource);
  }));
}

void ApiServer::clear_requests() { impl_->state->requests.clear(); }

void ApiServer::on_request(std::function<void(const LoggedRequest&)> observer) {
  impl_->state->observer = std::move(observer);
}

void ApiServer::fail_next(std::string_view verb, std::string_view resource, unsigned status, unsigned times,
                          unsigned retry_after_s) {
  impl_->state->faults.add({std::string(verb), std::string(resource), times, status, retry_after_s, false, {}});
}

void ApiServer::lose_answers(std::string_view verb, std::string_view resource, unsigned times) {
  impl_->state->faults.add({std::string(verb), std::string(resource), times, 504, 0, true, {}});
}

void ApiServer::delay_next(std::string_view verb, std::string_view resource, std::chrono::milliseconds delay,
                           unsigned times) {
  impl_->state->faults.add({std::string(verb), std::string(resource), times, 0, 0, false, delay});
}

void ApiServer::clear_faults() { impl_->state->faults.clear(); }
void ApiServer::drop_watches() { impl_->state->watches.end_all(); }
void ApiServer::compact() { impl_->state->store.compact(); }
void ApiServer::send_bookmarks() { impl_->state->watches.bookmark_all(); }
std::size_t ApiServer::open_watches() const { return impl_->state->watches.open_count(); }

Task<> ApiServer::drain(std::chrono::milliseconds grace) {
  drop_watches();
  return impl_->server->drain(grace);
}

}  // namespace headwind::fake
