// SPDX-License-Identifier: Apache-2.0
#include "cli/registry_report.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/registry_names.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::pair<std::string, std::string>>;  // a label and its text; no label: it goes on

std::string kind_of(const std::string& media_type) {
  if (media_type.empty()) return "not told";
  const bool index =
      media_type.find("index") != std::string::npos || media_type.find("manifest.list") != std::string::npos;
  return std::string(index ? "index" : "manifest") + " (" + media_type + ")";
}

std::string duration(std::int64_t ms) {
  const std::int64_t s = ms / 1000;
  if (s % 3600 == 0) return std::to_string(s / 3600) + " h";
  return s % 60 == 0 ? std::to_string(s / 60) + " min" : std::to_string(s) + " s";
}

std::string limit_text(const std::optional<schedule::RateLimit>& limit) {
  if (!limit) return "none is told";
  std::string text = std::to_string(limit->remaining) + " of " + std::to_string(limit->limit) + " requests left";
  if (limit->window_ms > 0) text += ", per " + duration(limit->window_ms);
  if (limit->reset) text += ", whole again in " + duration(*limit->reset);
  return text;
}

// Whose names there were, where nobody answered.
Json source_of(const RegistryJob& job) {
  if (!job.session) return {};
  if (!job.accounts.accounts.empty()) return "pull";
  if (!job.way.endpoint.account.empty()) return "configured";
  return job.has_own_credentials() ? "plugin" : "anonymous";
}

std::string credential_text(const RegistryReport& report) {
  std::vector<std::string> texts;
  for (const AnsweredBy& one : answered_by(report.job))
    if (std::find(texts.begin(), texts.end(), one.text) == texts.end()) texts.push_back(one.text);
  std::string text;
  for (const std::string& one : texts) text += (text.empty() ? "" : "; then ") + one;
  if (!text.empty()) return text;
  if (!report.job.session) return "not known: nobody was asked";
  const std::vector<std::string> names = report.job.names();
  if (names.empty()) return report.job.has_own_credentials() ? "those that the plugin finds itself" : "none: anonymous";
  return (report.denied ? "none was let in; tried: " : "") + join(names);
}

// "401 in 12 ms, 200 in 9 ms" of each that was asked, in turn.
void add_requests(Rows& rows, const RegistryJob& job) {
  const std::vector<RegistrySession::Answer>& answers = job.session->answers();
  if (answers.empty()) rows.emplace_back("requests", "none was answered");
  for (std::size_t i = 0; i < answers.size();) {
    const std::string& question = answers[i].question;
    const std::size_t first = i;
    std::string times;
    for (; i < answers.size() && answers[i].question == question; ++i) {
      const bool same = i > first && answers[i].origin == answers[i - 1].origin;
      if (!same) times += (i > first ? "; " : "") + job.way.name_of(answers[i].origin) + " ";
      times += (same ? ", " : "") + std::to_string(answers[i].status) + " in " + std::to_string(answers[i].ms) + " ms";
    }
    rows.emplace_back(first == 0 ? "requests" : "", std::to_string(i - first) + " for the " + question + ": " + times);
  }
}

const char* result_of(const RegistryReport& report) {
  if (report.problem.empty()) return "a node could pull it";
  return report.known ? "a node could not pull it" : "nobody knows whether a node could pull it";
}

std::string place_text(const RegistryPlace& place) {
  return place.url + " (" + place.tls + (place.proxy.empty() ? "" : ", through the proxy " + place.proxy) + ")";
}

Rows rows_of(const RegistryReport& report) {
  const RegistryJob& job = report.job;
  Rows rows{{"image", job.image.repository() + (job.image.tag.empty() ? "" : ":" + job.image.tag) +
                          (job.image.digest.empty() ? "" : "@" + job.image.digest)},
            {"plugin", job.way.plugin.name + " (" + job.way.plugin.plugin + "): " + job.way.why}};
  for (const RegistryPlace& mirror : job.way.mirrors) rows.emplace_back("mirror", place_text(mirror));
  rows.emplace_back("endpoint", place_text(job.way.endpoint));
  for (const PullAccounts::Look& look : job.accounts.looks)
    rows.emplace_back(&look == job.accounts.looks.data() ? "looked at" : "", look.name + ": " + look.found);
  rows.emplace_back("credential", credential_text(report));
  if (!report.digest.empty()) {
    rows.emplace_back("digest", report.digest);
    rows.emplace_back("kind", kind_of(job.session->media_type()));
    rows.emplace_back("platforms", !report.platforms           ? "not told by this plugin"
                                   : report.platforms->empty() ? "none: it is no image that nodes run"
                                                               : join(*report.platforms));
    if (!job.options.platforms.empty())
      rows.emplace_back("wanted", !report.platforms || report.platforms->empty()
                                      ? "unknown: " + join(job.options.platforms)
                                  : report.missing.empty() ? "there: " + join(job.options.platforms)
                                                           : "missing: " + join(report.missing));
  }
  if (job.session) {
    if (!job.session->answers().empty()) rows.emplace_back("limit", limit_text(job.session->limit()));
    add_requests(rows, job);
  }
  rows.emplace_back("result", result_of(report));
  return rows;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json places(const std::vector<RegistryPlace>& list) {
  Json out = Json::array();
  for (const RegistryPlace& place : list)
    out.push_back({{"url", place.url}, {"tls", place.tls}, {"proxy", text_or_null(place.proxy)}});
  return out;
}

Json name_json(const AnsweredBy& by) {
  if (by.user.empty()) return {};
  return {{"source", by.holder}, {"key", by.key}, {"user", by.user}};
}

Json credential_json(const RegistryReport& report) {
  Json looks = Json::array(), tried = Json::array();
  for (const PullAccounts::Look& look : report.job.accounts.looks)
    looks.push_back({{"name", look.name}, {"usable", look.usable}, {"found", look.found}});
  for (const PullAccount& account : report.job.accounts.accounts)
    tried.push_back({{"source", account.source}, {"key", account.key}, {"user", user_of(account.account)}});
  const std::vector<AnsweredBy> answered = answered_by(report.job);
  return {{"source", answered.empty() ? source_of(report.job) : Json(answered.back().source)},
          {"configured", text_or_null(report.job.way.endpoint.account)},
          {"looked_at", std::move(looks)},
          {"candidates", std::move(tried)},
          {"used", answered.empty() ? Json() : name_json(answered.back())}};
}

Json answered_json(const RegistryReport& report) {
  Json out = Json::array();
  for (const AnsweredBy& by : answered_by(report.job))
    out.push_back({{"for", by.question}, {"place", by.place}, {"url", by.url}, {"credential", name_json(by)}});
  return out;
}

Json pullable(const RegistryReport& report) {
  if (report.problem.empty()) return true;
  return report.known ? Json(false) : Json();
}

Json limit_json(const std::optional<schedule::RateLimit>& limit) {
  if (!limit) return {};
  return {{"limit", limit->limit},
          {"remaining", limit->remaining},
          {"window_seconds", limit->window_ms > 0 ? Json(limit->window_ms / 1000) : Json()}};
}

}  // namespace

void RegistryReport::print_text() const {
  const Rows rows = rows_of(*this);
  std::size_t width = 0;
  for (const auto& [label, text] : rows) width = std::max(width, label.size());
  for (const auto& [label, text] : rows)
    std::printf("%-*s  %s\n", static_cast<int>(width), label.c_str(), text.c_str());
}

void RegistryReport::print_json() const {
  Json requests = Json::array();
  if (job.session)
    for (const RegistrySession::Answer& answer : job.session->answers())
      requests.push_back(
          {{"for", answer.question}, {"origin", answer.origin}, {"status", answer.status}, {"ms", answer.ms}});
  const Json document{
      {"image",
       {{"repository", job.image.repository()},
        {"tag", text_or_null(job.image.tag)},
        {"digest", text_or_null(job.image.digest)}}},
      {"plugin", {{"instance", job.way.plugin.name}, {"plugin", job.way.plugin.plugin}, {"why", job.way.why}}},
      {"endpoint", places({job.way.endpoint})[0]},
      {"mirrors", places(job.way.mirrors)},
      {"credential", credential_json(*this)},
      {"answered", answered_json(*this)},
      {"digest", text_or_null(digest)},
      {"media_type", text_or_null(job.session && !digest.empty() ? job.session->media_type() : "")},
      {"platforms", platforms ? Json(*platforms) : Json()},
      {"missing_platforms", missing},
      {"rate_limit", job.session ? limit_json(job.session->limit()) : Json()},
      {"requests", std::move(requests)},
      {"pullable", pullable(*this)},
      {"problem", text_or_null(problem)}};
  std::puts(document.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

}  // namespace headwind::cli
