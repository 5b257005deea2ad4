// SPDX-License-Identifier: Apache-2.0
#include "fake/write.hpp"

#include <random>

#include "core/text.hpp"
#include "fake/admission.hpp"
#include "fake/json_patch.hpp"
#include "fake/merge_patch.hpp"

namespace headwind::fake {
namespace {

std::string random_text(std::string_view alphabet, std::size_t size) {
  static std::mt19937_64 random{std::random_device{}()};
  std::uniform_int_distribution<std::size_t> pick(0, alphabet.size() - 1);
  std::string out;
  while (out.size() < size) out += alphabet[pick(random)];
  return out;
}

std::string new_uid() {
  constexpr std::string_view kHex = "0123456789abcdef";
  return random_text(kHex, 8) + "-" + random_text(kHex, 4) + "-4" + random_text(kHex, 3) + "-a" + random_text(kHex, 3) +
         "-" + random_text(kHex, 12);
}

// What a patch or an update cannot move.
void keep_system_metadata(const Json& old, Json& next) {
  Json& metadata = object_at(next, "metadata");
  for (const char* field : {"creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds",
                            "generateName", "namespace", "uid", "resourceVersion"}) {
    if (const Json* kept = find_at(old, {"metadata", field}); kept != nullptr) {
      metadata[field] = *kept;
    } else {
      metadata.erase(field);
    }
  }
}

void keep_member(const Json& old, Json& next, const char* name) {
  if (const auto kept = old.find(name); kept != old.end()) {
    next[name] = *kept;
  } else {
    next.erase(name);
  }
}

// The object of a write to the status subresource: only the status is taken (and, of built-in types, annotations).
Json with_status_only(const ResourceType& type, const Json& old, const Json& next) {
  Json out = old;
  keep_member(next, out, "status");
  if (!type.custom) keep_member(next.at("metadata"), out["metadata"], "annotations");
  return out;
}

bool spec_changed(const ResourceType& type, const Json& old, const Json& next) {
  const auto differ = [&](std::initializer_list<std::string_view> path) {
    const Json* left = find_at(old, path);
    const Json* right = find_at(next, path);
    return (left == nullptr) != (right == nullptr) || (left != nullptr && *left != *right);
  };
  if (type.generation == Generation::none) return false;
  if (differ({"spec"})) return true;
  return type.generation == Generation::spec_and_annotations && differ({"metadata", "annotations"});
}

bool has_finalizers(const Json& object) {
  const Json* finalizers = find_at(object, {"metadata", "finalizers"});
  return finalizers != nullptr && finalizers->is_array() && !finalizers->empty();
}

std::string now_seconds(const Clock& clock) { return format_rfc3339(clock.unix_ms()).substr(0, 19) + "Z"; }

// Apiserver names the resource, not the kind, where the resourceVersion of a custom resource is missing.
Failure version_required(const ResourceType& type, const std::string& name) {
  Failure out =
      invalid(type, name,
              {{"FieldValueInvalid", "metadata.resourceVersion", "Invalid value: 0: must be specified for an update"}});
  out.status["details"]["kind"] = type.plural;
  out.status["message"] = type.qualified_name() + text_at(out.status, {"message"}).substr(type.qualified_kind().size());
  return out;
}

}  // namespace

void Writer::stamp_new(const ResourceType& type, Json& object) const {
  Json& metadata = object_at(object, "metadata");
  metadata["uid"] = new_uid();
  metadata["creationTimestamp"] = now_seconds(clock_);
  metadata.erase("deletionTimestamp");
  metadata.erase("managedFields");
  if (type.generation != Generation::none) {
    metadata["generation"] = 1;
  } else {
    metadata.erase("generation");
  }
}

Outcome<Written> Writer::create(const WriteTarget& target, Json body) {
  const ResourceType& type = target.type;
  Json& metadata = object_at(body, "metadata");
  const std::string inside = text_at(metadata, {"namespace"});
  if (!inside.empty() && inside != target.name_space) {
    return failure(400, "the namespace of the provided object does not match the namespace sent on the request");
  }
  if (type.namespaced) {
    const ResourceType& namespaces = *find_resource("", "v1", "namespaces");
    if (!store_.find(namespaces, {}, target.name_space)) return not_found(namespaces, target.name_space);
    metadata["namespace"] = target.name_space;
  }
  if (!text_at(metadata, {"resourceVersion"}).empty()) {
    Failure refused = failure(500, "resourceVersion should not be set on objects to be created");
    refused.status.erase("reason");
    return refused;
  }
  const std::string generate = text_at(metadata, {"generateName"});
  if (text_at(metadata, {"name"}).empty() && !generate.empty()) {
    metadata["name"] = generate.substr(0, 58) + random_text("bcdfghjklmnpqrstvwxz2456789", 5);
  }
  const std::string name = text_at(metadata, {"name"});
  if (name.empty()) {
    return invalid(type, {},
                   {{"FieldValueRequired", "metadata.name", "Required value: name or generateName is required"}});
  }
  if (type.status) body.erase("status");
  stamp_new(type, body);
  Outcome<Admitted> admitted = admit(type, std::move(body), nullptr, target.strict);
  if (!admitted) return admitted.error();
  if (store_.find(type, target.name_space, name)) return already_exists(type, name);
  Written written{std::move(admitted->object), std::move(admitted->warnings)};
  if (!target.dry_run) written.object = *store_.put(type, std::move(written.object));
  return written;
}

Outcome<Written> Writer::update(const WriteTarget& target, Json body) {
  const ResourceType& type = target.type;
  const ObjectPtr old = store_.find(type, target.name_space, target.name);
  if (!old) return not_found(type, target.name);
  if (type.custom && text_at(body, {"metadata", "resourceVersion"}).empty()) return version_required(type, target.name);
  return commit(target, *old, std::move(body));
}

Outcome<Written> Writer::patch(const WriteTarget& target, std::string_view content_type, std::string_view body) {
  const ResourceType& type = target.type;
  const std::string format = to_lower(trim(content_type.substr(0, content_type.find(';'))));
  const bool json_patch = format == "application/json-patch+json";
  const bool merge = format == "application/merge-patch+json";
  const bool strategic = format == "application/strategic-merge-patch+json";
  if (!json_patch && !merge && (!strategic || type.custom)) {
    return failure(415,
                   "the body of the request was in an unknown format - accepted media types include: "
                   "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
  }
  const ObjectPtr old = store_.find(type, target.name_space, target.name);
  if (!old) return not_found(type, target.name);
  Json patch;
  if (!parse_json(body, patch)) return failure(400, "error decoding patch: unexpected end of JSON input");
  Json next = *old;
  if (json_patch) {
    Outcome<Json> patched = apply_json_patch(std::move(next), patch);
    if (!patched) return patched.error();
    next = std::move(*patched);
  } else if (!patch.is_object()) {
    return failure(400, "error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}");
  } else if (merge) {
    apply_merge_patch(next, patch);
  } else {
    apply_strategic_patch(next, patch);
  }
  if (!next.is_object()) return patch_refused();
  return commit(target, *old, std::move(next));
}

Outcome<Written> Writer::commit(const WriteTarget& target, const Json& old, Json next) {
  const ResourceType& type = target.type;
  const Json& metadata = object_at(next, "metadata");
  const std::string name = text_at(metadata, {"name"});
  if (name != target.name) {
    return failure(400,
                   "the name of the object (" + name + ") does not match the name on the URL (" + target.name + ")");
  }
  if (const std::string inside = text_at(metadata, {"namespace"}); !inside.empty() && inside != target.name_space) {
    return failure(400, "the namespace of the provided object does not match the namespace sent on the request");
  }
  const std::string uid = text_at(metadata, {"uid"});
  if (!uid.empty() && uid != text_at(old, {"metadata", "uid"})) {
    return invalid(type, name,
                   {{"FieldValueInvalid", "metadata.uid", "Invalid value: \"" + uid + "\": field is immutable"}});
  }
  const std::string version = text_at(metadata, {"resourceVersion"});
  if (!version.empty() && version != text_at(old, {"metadata", "resourceVersion"})) return modified(type, name);
  keep_system_metadata(old, next);
  next["apiVersion"] = type.api_version();
  next["kind"] = type.kind;
  if (target.status) {
    next = with_status_only(type, old, next);
  } else if (type.status) {
    keep_member(old, next, "status");
  }
  Outcome<Admitted> admitted = admit(type, std::move(next), &old, target.strict);
  if (!admitted) return admitted.error();
  Written written{std::move(admitted->object), std::move(admitted->warnings)};
  if (written.object == old) return written;  // a write that changes nothing makes no revision
  if (spec_changed(type, old, written.object)) {
    Json& generation = written.object["metadata"]["generation"];
    generation = (generation.is_number() ? generation.get<std::int64_t>() : 0) + 1;
  }
  if (target.dry_run) return written;
  const bool going = find_at(old, {"metadata", "deletionTimestamp"}) != nullptr;
  if (going && !has_finalizers(written.object)) {
    store_.remove(type, target.name_space, target.name);
  } else {
    written.object = *store_.put(type, std::move(written.object));
  }
  return written;
}

Outcome<Written> Writer::remove(const WriteTarget& target, const Json& options) {
  const ResourceType& type = target.type;
  const ObjectPtr old = store_.find(type, target.name_space, target.name);
  if (!old) return not_found(type, target.name);
  const std::string uid = text_at(*old, {"metadata", "uid"});
  const std::string wanted = text_at(options, {"preconditions", "uid"});
  if (!wanted.empty() && wanted != uid) {
    return conflict(type.qualified_kind(), type, target.name,
                    "the UID in the precondition (" + wanted + ") does not match the UID in record (" + uid +
                        "). The object might have been deleted and then recreated");
  }
  const std::string version = text_at(*old, {"metadata", "resourceVersion"});
  const std::string wanted_version = text_at(options, {"preconditions", "resourceVersion"});
  if (!wanted_version.empty() && wanted_version != version) {
    return conflict(type.qualified_kind(), type, target.name,
                    "the ResourceVersion in the precondition (" + wanted_version +
                        ") does not match the ResourceVersion in record (" + version +
                        "). The object might have been modified");
  }
  if (has_finalizers(*old)) {
    Json going = *old;
    if (!going["metadata"].contains("deletionTimestamp")) going["metadata"]["deletionTimestamp"] = now_seconds(clock_);
    if (target.dry_run) return Written{std::move(going), {}};
    return Written{*store_.put(type, std::move(going)), {}};
  }
  if (!target.dry_run) store_.remove(type, target.name_space, target.name);
  if (type.plural == "pods" || type.plural == "namespaces") return Written{*old, {}};
  Json details = {{"name", target.name}, {"kind", type.plural}, {"uid", uid}};
  if (!type.group.empty()) details["group"] = type.group;
  return Written{{{"kind", "Status"},
                  {"apiVersion", "v1"},
                  {"metadata", Json::object()},
                  {"status", "Success"},
                  {"details", details}},
                 {}};
}

ObjectPtr Writer::put(const ResourceType& type, Json object) {
  const Json& metadata = object_at(object, "metadata");
  if (type.namespaced && text_at(metadata, {"namespace"}).empty()) object["metadata"]["namespace"] = "default";
  const ObjectPtr old = store_.find(type, text_at(metadata, {"namespace"}), text_at(metadata, {"name"}));
  if (old) {
    keep_system_metadata(*old, object);
    if (spec_changed(type, *old, object))
      object["metadata"]["generation"] = (*old)["metadata"].value("generation", 0) + 1;
  } else {
    const std::string uid = text_at(metadata, {"uid"});
    const std::string created = text_at(metadata, {"creationTimestamp"});
    stamp_new(type, object);
    if (!uid.empty()) object["metadata"]["uid"] = uid;
    if (!created.empty()) object["metadata"]["creationTimestamp"] = created;
  }
  return store_.put(type, std::move(object));
}

}  // namespace headwind::fake
