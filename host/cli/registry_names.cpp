// SPDX-License-Identifier: Apache-2.0
#include "cli/registry_names.hpp"

namespace headwind::cli {
namespace {

using Success = RegistrySession::Success;

void add_configured(AnsweredBy& out, const RegistryPlace& place) {
  out.source = "configured";
  out.holder = "registries." + place.entry;
  out.key = place.entry;
  out.user = "user " + place.account;
}

// A mirror's own account and no other is for it.
AnsweredBy at_mirror(const RegistryPlace& mirror, const Success& success) {
  AnsweredBy out{success.question, "mirror", mirror.url, "anonymous", {}, {}, {}, "none: anonymous"};
  if (!mirror.account.empty() && success.wanted_name) {
    add_configured(out, mirror);
    out.text = "the account " + mirror.account + " of " + out.holder;
  }
  out.text += ", at the mirror " + mirror.url;
  return out;
}

AnsweredBy at_registry(const RegistryJob& job, const Success& success) {
  const RegistryPlace& endpoint = job.way.endpoint;
  const bool known = success.origin == endpoint.authority;
  AnsweredBy out{
      success.question, known ? "registry" : "other", known ? endpoint.url : success.origin, "anonymous", {}, {}, {},
      "none: anonymous"};
  // A registry token goes along unasked, and what a plugin does elsewhere is its own affair.
  const bool shown =
      success.wanted_name || !known || (success.account && !success.account->account.registry_token.empty());
  const std::string where = known ? ", at the registry" : ", at " + success.origin;
  if (job.has_own_credentials() && !success.account && endpoint.account.empty()) {
    out.source = "plugin";
    out.text = "those that the plugin finds itself" + where;
  } else if (success.account && shown) {
    out.source = "pull";
    out.holder = success.account->source;
    out.key = success.account->key;
    out.user = user_of(success.account->account);
    out.text = success.account->text() + where;
  } else if (!success.account && !endpoint.account.empty() && shown) {
    add_configured(out, endpoint);
    out.text = "the configured account " + endpoint.account + where;
  } else {
    const bool spare = success.account || !endpoint.account.empty();
    out.text += where + (spare ? ", which asked for no name" : "");
  }
  return out;
}

}  // namespace

std::vector<AnsweredBy> answered_by(const RegistryJob& job) {
  std::vector<AnsweredBy> out;
  if (!job.session) return out;
  for (const Success& success : job.session->successes()) {
    const RegistryPlace* mirror = job.way.mirror_at(success.origin);
    out.push_back(mirror != nullptr ? at_mirror(*mirror, success) : at_registry(job, success));
  }
  return out;
}

}  // namespace headwind::cli
