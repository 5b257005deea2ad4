// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/index_fetch.hpp"

#include <algorithm>

#include "registries/core/exchange.hpp"
#include "registries/core/failures.hpp"
#include "registries/helm/index_reader.hpp"

namespace headwind::registries::helm {
namespace {

// What a server may make us keep and send again.
std::string validator(std::string_view value) {
  constexpr std::size_t longest = 1024;
  const bool fits = value.size() <= longest && std::all_of(value.begin(), value.end(), [](char c) { return c >= ' '; });
  return fits ? std::string(value) : std::string();
}

Outcome<std::string> authorization(const Asker& asker, Transport& transport) {
  if (asker.is_withheld || asker.account.username.empty()) return std::string();
  const auto account = with_password(asker.account, transport);
  if (!account) return account.failure();
  if (account->password.empty()) return std::string();
  return basic_authorization(account->username, account->password);
}

std::string remedy(const ChartName& name, const Asker& asker) {
  const std::string field = "registries." + name.host;
  if (asker.is_withheld)
    return ", and credentials are not sent over plain HTTP: use https, or set " + field + ".endpoint to http://" +
           name.host + " where that is meant";
  switch (asker.account.source) {
    case Account::Source::call: return " and refused the credential: check the Secret of the chart's repository";
    case Account::Source::settings: return " and refused the credential: check " + field + ".username and its password";
    case Account::Source::identity:  // for registries of the OCI API
    case Account::Source::nobody: break;
  }
  return " and no credential was found: give the chart's repository a Secret, or set " + field + ".username";
}

Failure failure_of(const Response& response, const ChartName& name, const Asker& asker, Transport& transport) {
  const int status = response.status;
  const std::string answered =
      "the chart repository " + name.url + " answered " + std::to_string(status) + " for its index.yaml";
  if (status == 401 || status == 403) return {HW_DENIED, answered + remedy(name, asker), 0};
  if (status == 404 || status == 410)
    return {HW_NOT_FOUND, answered + ": check the URL, and whether it wants a credential", 0};
  if (status == 429) return {HW_THROTTLED, answered + ": it asks to slow down", wait_of(response, transport)};
  if (status >= 500 || status == 408) return {HW_UNAVAILABLE, answered, wait_of(response, transport)};
  return {HW_INVALID, answered, 0};
}

Outcome<FetchedIndex> read_answer(const Response& response, IndexReader& reader, const ChartName& name,
                                  const Asker& asker, const Validators& known, IndexTransport& transport) {
  const bool conditional = !known.etag.empty() || !known.last_modified.empty();
  if (response.status == 304 && conditional) return FetchedIndex{std::nullopt, known};
  if (response.status != 200) return failure_of(response, name, asker, transport);
  auto index = reader.finish();
  if (!index) return Failure{index.failure().code, "the index.yaml of " + name.url + " " + index.failure().message, 0};
  transport.note(name.url, *index);
  return FetchedIndex{std::move(*index),
                      {validator(response.header("etag")), validator(response.header("last-modified"))}};
}

}  // namespace

Asker asker_of(const ChartName& name, const Settings& settings, Transport& transport) {
  const auto own = settings.of(name.host);
  Asker asker{account_of(name.host, own, transport)};
  asker.is_withheld =
      asker.account.has_secret() && name.origin.scheme == "http" && origin_of(own.endpoint) != name.origin;
  return asker;
}

Outcome<FetchedIndex> fetch_index(const ChartName& name, const Asker& asker, const Validators& known,
                                  IndexTransport& transport) {
  const auto header = authorization(asker, transport);
  if (!header) return header.failure();
  std::string url = name.index_url;
  for (int redirects = 0;;) {
    Request request{"GET", url, {}, max_index};
    if (!known.etag.empty()) {
      request.headers.emplace_back("If-None-Match", known.etag);
    } else if (!known.last_modified.empty()) {
      request.headers.emplace_back("If-Modified-Since", known.last_modified);
    }
    if (!header->empty() && origin_of(url) == name.origin) request.headers.emplace_back("Authorization", *header);
    IndexReader reader;
    const auto response = transport.stream(request, [&](std::string_view piece) { return reader.take(piece); });
    if (!response)  // the host adds why
      return Failure{response.failure().code, "the index.yaml of " + name.url + " did not arrive",
                     response.failure().retry_after_ms};
    if (!is_redirect(response->status)) return read_answer(*response, reader, name, asker, known, transport);
    const auto location = resolve_url(url, response->header("location"));
    const auto to = location ? origin_of(*location) : std::nullopt;
    if (!to || !may_redirect(name.origin, *to) || ++redirects > max_redirects)
      return Failure{HW_UNAVAILABLE,
                     "the chart repository " + name.url + " redirects its index.yaml to a place that is not followed",
                     0};
    url = *location;
  }
}

}  // namespace headwind::registries::helm
