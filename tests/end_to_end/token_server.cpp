// SPDX-License-Identifier: Apache-2.0
#include "token_server.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <boost/url/params_view.hpp>
#include <boost/url/parse_query.hpp>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "call.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "testbed/process.hpp"

namespace headwind::end_to_end {
namespace {

constexpr std::chrono::seconds kLifetime{300};

std::string base64_url(std::string_view data) {
  std::string text = base64_encode(data);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return text;
}

// What stands between the lines of a PEM file.
std::string pem_body(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string body, line;
  while (std::getline(stream, line))
    if (!line.starts_with("-----")) body += line;
  return body;
}

// "user:password" of a Basic header.
std::pair<std::string, std::string> account_of(const net::Headers& headers) {
  std::string_view value = net::find_header(headers, "Authorization");
  std::string plain;
  if (!value.starts_with("Basic ") || !base64_decode(value.substr(6), plain)) return {};
  const std::size_t colon = plain.find(':');
  if (colon == std::string::npos) return {};
  return {plain.substr(0, colon), plain.substr(colon + 1)};
}

// "repository:team/app:pull" -> its name.
std::string repository_of(const std::string& scope) {
  const std::size_t first = scope.find(':'), last = scope.rfind(':');
  return first == last ? std::string() : scope.substr(first + 1, last - first - 1);
}

Json access_to(const std::string& repository, std::initializer_list<const char*> actions) {
  return {{"type", "repository"}, {"name", repository}, {"actions", actions}};
}

}  // namespace

struct TokenServer::Key {
  explicit Key(const std::filesystem::path& file) {
    const std::unique_ptr<FILE, int (*)(FILE*)> stream(std::fopen(file.c_str(), "r"), &std::fclose);
    if (stream) key.reset(PEM_read_PrivateKey(stream.get(), nullptr, nullptr, nullptr));
    if (!key) throw std::runtime_error("no key in " + file.string());
  }
  std::string rs256(const std::string& text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    std::string signature(1024, '\0');
    std::size_t size = signature.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data, text.size()) !=
            1)
      throw std::runtime_error("a token could not be signed");
    signature.resize(size);
    return signature;
  }
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr, &EVP_PKEY_free};
};

TokenServer::TokenServer(std::chrono::seconds told)
    : told_(told), directory_(testbed::make_temporary_directory("tokens")) {
  const auto made = testbed::run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem",
                                  "-out", "certificate.pem", "-subj", "/CN=token-server", "-days", "2"},
                                 directory_);
  if (!made) throw std::runtime_error(made.error().message);
  key_ = std::make_unique<Key>(directory_ / "key.pem");
  net::ServerOptions options;
  options.address = "127.0.0.1";
  auto listening = net::Server::listen(loop_.executor(), options,
                                       [this](net::ServerRequest request) { return answer(std::move(request)); });
  if (!listening) throw std::runtime_error(listening.error().message);
  server_ = std::move(*listening);
}

TokenServer::~TokenServer() {
  loop_.run(server_->drain(std::chrono::milliseconds(100)));
  loop_.stop();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::string TokenServer::url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/token"; }

std::string TokenServer::configuration() const {
  return "auth: {token: {realm: '" + url() +
         "', service: registry, issuer: token-server, rootcertbundle: " + (directory_ / "certificate.pem").string() +
         "}}\n";
}

void TokenServer::allow(const std::string& user, const std::string& password, std::vector<std::string> repositories) {
  const std::lock_guard lock(mutex_);
  accounts_[user] = {password, std::move(repositories)};
}

std::function<std::string(const std::string&)> TokenServer::pusher() const {
  return [this](const std::string& repository) {
    return "Bearer " + sign(Json::array({access_to(repository, {"pull", "push"})}).dump());
  };
}

std::string TokenServer::sign(const std::string& access) const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  const Json header{{"typ", "JWT"}, {"alg", "RS256"}, {"x5c", {pem_body(directory_ / "certificate.pem")}}};
  const Json claims{{"iss", "token-server"},
                    {"sub", ""},
                    {"aud", "registry"},
                    {"iat", seconds},
                    {"nbf", seconds - 10},
                    {"exp", seconds + kLifetime.count()},
                    {"jti", std::to_string(now.count())},
                    {"access", Json::parse(access)}};
  const std::string text = base64_url(header.dump()) + "." + base64_url(claims.dump());
  return text + "." + base64_url(key_->rs256(text));
}

Task<net::ServerResponse> TokenServer::answer(net::ServerRequest request) {
  Question question;
  std::tie(question.user, question.password) = account_of(request.headers);
  if (const auto query = boost::urls::parse_query(request.query)) {
    const boost::urls::params_view decoded = *query;
    for (const auto& parameter : decoded)
      if (parameter.key == "scope")
        for (const std::string_view one : split(parameter.value, ' ')) question.scopes.emplace_back(one);
  }

  const std::lock_guard lock(mutex_);
  const auto account = accounts_.find(question.user);
  question.known = account != accounts_.end() && account->second.password == question.password;
  questions_.push_back(question);
  if (!question.user.empty() && !question.known)
    co_return net::ServerResponse{
        401, {{"Content-Type", "application/json"}}, R"({"details":"incorrect username or password"})", {}};
  Json access = Json::array();
  for (const std::string& scope : question.scopes) {
    const std::string name = repository_of(scope);
    if (!question.known || !scope.starts_with("repository:")) continue;
    const auto& may = account->second.repositories;
    if (std::find(may.begin(), may.end(), name) != may.end()) access.push_back(access_to(name, {"pull"}));
  }
  tokens_.push_back(sign(access.dump()));
  co_return net::ServerResponse{200,
                                {{"Content-Type", "application/json"}},
                                Json{{"token", tokens_.back()}, {"expires_in", told_.count()}}.dump(),
                                {}};
}

std::vector<TokenServer::Question> TokenServer::questions() const {
  const std::lock_guard lock(mutex_);
  return questions_;
}

std::vector<TokenServer::Question> TokenServer::questions_about(const std::string& repository) const {
  std::vector<Question> result = questions();
  std::erase_if(result, [&](const Question& question) {
    return std::none_of(question.scopes.begin(), question.scopes.end(),
                        [&](const std::string& scope) { return repository_of(scope) == repository; });
  });
  return result;
}

std::vector<std::string> TokenServer::tokens() const {
  const std::lock_guard lock(mutex_);
  return tokens_;
}

}  // namespace headwind::end_to_end
