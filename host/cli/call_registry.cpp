// SPDX-License-Identifier: Apache-2.0
// `headwind plugin call PLUGIN tags|resolve|webhook`.
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "cli/plugin_call.hpp"
#include "cli/pull_accounts.hpp"
#include "cli/tag_file.hpp"
#include "core/chart_reference.hpp"
#include "core/clock.hpp"
#include "core/image_reference.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); }

struct Place {
  std::string repository, tag;
  std::vector<plugin::Credential> credentials{};  // that fit, in the order in which they are tried
};

Result<Place> named_place(const std::string& image) {
  if (is_chart_reference(image)) {
    const std::size_t colon = image.rfind(':');
    const bool tagged = colon != std::string::npos && colon > image.rfind('/');
    return tagged ? Place{image.substr(0, colon), image.substr(colon + 1)} : Place{image, {}};
  }
  const Result<ImageReference> parsed = parse_image_reference(image);
  if (!parsed) return parsed.error();
  return Place{parsed->repository(), parsed->tag};
}

Result<Place> place_of(const CallOptions& options) {
  Result<Place> place = named_place(options.image);
  if (!place || options.docker_config.empty()) return place;
  const Result<PullAccounts> found = read_pull_accounts(options.docker_config, place->repository);
  if (!found) return found.error();
  for (const PullAccount& found_there : found->accounts) {
    const credentials::Account& account = found_there.account;
    place->credentials.push_back({std::to_string(place->credentials.size()), account.username, account.password,
                                  account.identity_token, account.registry_token});
  }
  if (place->credentials.empty())
    return make_error(Code::invalid, "--docker-config " + printable(options.docker_config, 500) + " " +
                                         (found->looks.empty() ? "holds no registry" : found->looks.front().found));
  return place;
}

// As the operator does it: the next account where the one before was refused; without any, the plugin's own.
template <class T>
Task<Result<T>> ask(Place place, std::function<Task<Result<T>>(std::optional<plugin::Credential>)> one) {
  for (std::size_t i = 0;; ++i) {
    std::optional<plugin::Credential> credential;
    if (i < place.credentials.size()) credential = place.credentials[i];
    Result<T> answer = co_await one(std::move(credential));
    const bool refused = !answer && (answer.error().code == Code::denied || answer.error().code == Code::not_found);
    if (!refused || i + 1 >= place.credentials.size()) co_return answer;
  }
}

Task<int> tags(PluginSession& session, Place place, bool json) {
  const std::string& repository = place.repository;
  const plugin::Registry registry = session.host().registries().front();
  std::function<Task<Result<plugin::Tags>>(std::optional<plugin::Credential>)> one =
      [&](std::optional<plugin::Credential> as) { return registry.list_tags(repository, std::move(as)); };
  const Result<plugin::Tags> answer = co_await ask<plugin::Tags>(place, std::move(one));
  if (!answer) co_return complain_of_call(answer.error());
  if (json) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < answer->names.size(); ++i) {
      Json row{{"tag", answer->names[i]}};
      if (i < answer->digests.size() && !answer->digests[i].empty()) row["digest"] = answer->digests[i];
      if (i < answer->created_ms.size() && answer->created_ms[i] > 0)
        row["created"] = format_rfc3339(answer->created_ms[i]);
      if (i < answer->pushed_ms.size() && answer->pushed_ms[i] > 0)
        row["pushed"] = format_rfc3339(answer->pushed_ms[i]);
      rows.push_back(std::move(row));
    }
    std::puts(dump({{"repository", repository}, {"tags", std::move(rows)}}).c_str());
  } else {
    for (const std::string& name : answer->names) std::puts(printable(name).c_str());
  }
  std::fprintf(stderr, "%zu tags of %s\n", answer->names.size(), printable(repository).c_str());
  co_return done;
}

Task<int> resolve(PluginSession& session, Place place, bool json) {
  const plugin::Registry registry = session.host().registries().front();
  std::function<Task<Result<std::string>>(std::optional<plugin::Credential>)> one =
      [&](std::optional<plugin::Credential> as) {
        return registry.resolve(place.repository, place.tag, std::move(as));
      };
  const Result<std::string> digest = co_await ask<std::string>(place, std::move(one));
  if (!digest) co_return complain_of_call(digest.error());
  if (json)
    std::puts(dump({{"repository", place.repository}, {"tag", place.tag}, {"digest", *digest}}).c_str());
  else
    std::puts(printable(*digest).c_str());
  co_return done;
}

Json row_of(const plugin::Push& push) {
  Json row{{"repository", push.repository}};
  for (const auto& [name, value] : {std::pair<const char*, const std::string&>{"tag", push.tag},
                                    {"digest", push.digest},
                                    {"media_type", push.media_type},
                                    {"event_id", push.event_id}})
    if (!value.empty()) row[name] = value;
  if (push.pushed_ms > 0) row["pushed"] = format_rfc3339(push.pushed_ms);
  if (push.deleted) row["deleted"] = true;
  return row;
}

Task<int> webhook(PluginSession& session, plugin::Fields headers, std::string body, bool json) {
  const Result<std::vector<plugin::Push>> pushes =
      co_await session.host().registries().front().parse_webhook(std::move(headers), std::move(body));
  if (!pushes) co_return complain_of_call(pushes.error());
  Json rows = Json::array();
  for (const plugin::Push& push : *pushes) {
    if (json) {
      rows.push_back(row_of(push));
    } else {
      std::string line = push.repository;
      if (!push.tag.empty()) line += ":" + push.tag;
      if (!push.digest.empty()) line += "@" + push.digest;
      std::printf("%s %s\n", push.deleted ? "deleted" : "pushed", printable(line).c_str());
    }
  }
  if (json) std::puts(dump({{"pushes", std::move(rows)}}).c_str());
  if (pushes->empty()) std::fprintf(stderr, "the body tells of no push\n");
  co_return done;
}

}  // namespace

Result<PreparedCall> prepare_tags(const CallOptions& options) {
  Result<Place> place = place_of(options);
  if (!place) return place.error();
  return PreparedCall{
      plugin::Kind::registry, "list_tags",
      [place = *place, json = options.json](PluginSession& session) { return tags(session, place, json); }};
}

Result<PreparedCall> prepare_resolve(const CallOptions& options) {
  Result<Place> place = place_of(options);
  if (!place) return place.error();
  if (place->tag.empty()) place->tag = "latest";
  return PreparedCall{plugin::Kind::registry, "resolve", [place = *place, json = options.json](PluginSession& session) {
                        return resolve(session, place, json);
                      }};
}

Result<PreparedCall> prepare_webhook(const CallOptions& options) {
  Result<std::string> body = read_input(options.body, "the file of --body");
  if (!body) return body.error();
  plugin::Fields headers{{"headwind-endpoint", options.endpoint}};
  for (const std::string& header : options.headers) {
    const std::size_t colon = header.find(':');
    if (colon == 0 || colon == std::string::npos)
      return make_error(Code::invalid, "--header '" + printable(header, 100) + "' is not 'NAME: VALUE'");
    headers.emplace_back(trim(header.substr(0, colon)), trim(header.substr(colon + 1)));
  }
  return PreparedCall{plugin::Kind::registry, "parse_webhook",
                      [headers = std::move(headers), body = std::move(*body),
                       json = options.json](PluginSession& session) { return webhook(session, headers, body, json); }};
}

}  // namespace headwind::cli
