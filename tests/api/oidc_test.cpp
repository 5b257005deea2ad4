// SPDX-License-Identifier: Apache-2.0
// Tokens of Pub/Sub's kind, signed with real keys; the key set comes from a real server where it matters.
#include "api/oidc.hpp"

#include <openssl/hmac.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "api/intake_world.hpp"
#include "api/oidc_world.hpp"
#include "net/client.hpp"

namespace headwind::api {
namespace {

constexpr const char* kAudience = "https://headwind.example.com/webhook/gar";
constexpr const char* kEmail = "push@project.iam.gserviceaccount.com";

class OidcTest : public testing::Test {
 protected:
  OidcTest() { rules.audience = kAudience, rules.email = kEmail, rules.keys_url = "https://keys.test/certs"; }

  Json claims(const Json& more = Json::object()) const {
    const std::int64_t now = clock.now / 1000;
    Json all{{"iss", "https://accounts.google.com"},
             {"aud", kAudience},
             {"azp", "1"},
             {"sub", "113774264463038321964"},
             {"email", kEmail},
             {"email_verified", true},
             {"iat", now - 10},
             {"exp", now + 3590}};
    all.update(more);
    return all;
  }
  OidcGate& gate() {
    if (!made) {
      made = std::make_unique<OidcGate>(
          rules,
          [this](std::string url) -> Task<Result<std::string>> {
            asked.push_back(std::move(url));
            co_return answer;
          },
          clock);
    }
    return *made;
  }
  // The sentence that refuses the token; "passed" where none does.
  std::string ask(const std::string& token) { return ask_raw("Bearer " + token); }
  std::string ask_raw(const std::string& authorization) {
    const std::optional<Error> why = run(gate().refuse(authorization));
    if (!why) return "passed";
    code = why->code;
    EXPECT_TRUE(authorization.size() < 20 ||
                why->message.find(authorization.substr(authorization.size() - 12)) == std::string::npos);
    return why->message;
  }

  HandClock clock;
  OidcRules rules;
  Result<std::string> answer = key_set({&first_key()});
  std::vector<std::string> asked;
  std::unique_ptr<OidcGate> made;
  Code code = Code::internal;
};

TEST_F(OidcTest, a_token_of_the_configured_service_account_passes) {
  EXPECT_EQ(ask(first_key().token(claims())), "passed");
  EXPECT_EQ(ask_raw("bearer  " + first_key().token(claims())), "passed");
  EXPECT_EQ(ask(first_key().token(claims({{"iss", "accounts.google.com"}}))), "passed") << "the other form of Google's";
  EXPECT_EQ(ask(first_key().token(claims({{"aud", {"other", kAudience}}}))), "passed");
  EXPECT_EQ(asked, std::vector<std::string>{"https://keys.test/certs"}) << "asked once for all of them";
}

TEST_F(OidcTest, each_claim_must_be_right) {
  const std::int64_t now = clock.now / 1000;
  const std::vector<Json> wrong{
      {{"iss", "https://accounts.google.com.evil.test"}},
      {{"iss", nullptr}},
      {{"aud", "https://headwind.example.com/webhook/other"}},
      {{"aud", Json::array()}},
      {{"aud", nullptr}},
      {{"exp", now - 61}},
      {{"exp", nullptr}},
      {{"exp", "tomorrow"}},
      {{"exp", -1}},
      {{"nbf", now + 120}},
      {{"iat", now + 120}},
      {{"email", "other@project.iam.gserviceaccount.com"}},
      {{"email", nullptr}},
      {{"email_verified", false}},
      {{"email_verified", nullptr}},
  };
  for (const Json& more : wrong) {
    EXPECT_NE(ask(first_key().token(claims(more))), "passed") << more;
    EXPECT_EQ(code, Code::denied) << more;
  }
  EXPECT_EQ(ask(first_key().token(claims({{"exp", now - 30}}))), "passed") << "clocks differ a little";
  EXPECT_EQ(ask(first_key().token(claims({{"aud", "x"}}))),
            "The bearer token is for another audience than this webhook's.");
  EXPECT_EQ(ask(first_key().token(claims({{"exp", now - 61}}))), "The bearer token has expired.");
}

TEST_F(OidcTest, a_subject_may_stand_for_the_email) {
  rules.email.clear();
  rules.subject = "113774264463038321964";
  EXPECT_EQ(ask(first_key().token(claims({{"email", nullptr}}))), "passed");
  EXPECT_NE(ask(first_key().token(claims({{"sub", "7"}}))), "passed");
  made.reset();
  rules.subject.clear();
  EXPECT_NE(ask(first_key().token(claims())), "passed") << "anybody has a token of a public issuer";
}

TEST_F(OidcTest, no_other_algorithm_is_taken) {
  const std::string none = base64_url(R"({"alg":"none","kid":"first"})") + "." + base64_url(claims().dump()) + ".";
  EXPECT_EQ(ask(none), "The bearer token must be signed with RS256.");
  EXPECT_NE(ask(first_key().token(claims(), {{"alg", "none"}})), "passed");
  // The public key as the secret of an HMAC.
  const std::string text = base64_url(R"({"alg":"HS256","kid":"first"})") + "." + base64_url(claims().dump());
  for (const std::string& secret : {first_key().modulus(), key_set({&first_key()})}) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
    EXPECT_NE(ask(text + "." + base64_url(std::string(mac.begin(), mac.begin() + size))), "passed");
  }
  for (const char* algorithm : {"RS512", "PS256", "ES256", "rs256", ""})
    EXPECT_NE(ask(first_key().token(claims(), {{"alg", algorithm}})), "passed") << algorithm;
  EXPECT_TRUE(asked.empty()) << "nothing of that is worth a question";
}

TEST_F(OidcTest, a_signature_must_be_of_the_key_that_it_names) {
  answer = key_set({&first_key(), &second_key()});
  const std::string right = first_key().token(claims());
  EXPECT_EQ(ask(right), "passed");
  EXPECT_EQ(ask(second_key().token(claims(), {{"kid", "first"}})), "The signature of the bearer token is wrong.");
  const std::size_t last = right.rfind('.');
  EXPECT_NE(ask(right.substr(0, last + 1)), "passed");
  EXPECT_NE(ask(right.substr(0, last) + ".AAAA"), "passed");
  const std::string swapped = first_key().token(claims({{"azp", "2"}}));
  EXPECT_NE(ask(swapped.substr(0, swapped.rfind('.')) + right.substr(last)), "passed")
      << "the signature of other claims";
}

TEST_F(OidcTest, what_is_no_token_is_refused) {
  for (const std::string& value :
       {std::string(), std::string("Bearer"), std::string("Bearer "), "Basic " + first_key().token(claims()),
        first_key().token(claims()), std::string("Bearer a.b"), std::string("Bearer a.b.c.d"),
        std::string("Bearer ..."), "Bearer " + std::string(20'000, 'a'),
        "Bearer " + base64_url("[]") + "." + base64_url("{}") + ".AAAA",
        "Bearer " + base64_url(std::string(9'000, '[')) + "." + base64_url("{}") + ".AAAA",
        "Bearer " + first_key().token(claims(), {{"crit", {"exp"}}}), "Bearer " + first_key().token(claims()) + "=="}) {
    EXPECT_NE(ask_raw(value), "passed") << value.substr(0, 40);
    EXPECT_EQ(code, Code::denied);
  }
  EXPECT_TRUE(asked.empty());
}

TEST_F(OidcTest, new_keys_are_asked_for_when_a_token_names_one_but_not_by_each_forged_token) {
  EXPECT_EQ(ask(first_key().token(claims())), "passed");
  answer = key_set({&second_key()});
  EXPECT_EQ(ask(second_key().token(claims())), "The bearer token is signed with a key that its issuer does not have.")
      << "asked a moment ago";
  clock.now += 30'000;
  EXPECT_EQ(ask(second_key().token(claims())), "passed");
  EXPECT_EQ(asked.size(), 2U);
  EXPECT_NE(ask(first_key().token(claims())), "passed") << "a key that was withdrawn";
  for (int i = 0; i < 100; ++i)
    EXPECT_NE(ask(first_key().token(claims(), {{"kid", "forged" + std::to_string(i)}})), "passed");
  EXPECT_EQ(asked.size(), 2U);
}

TEST_F(OidcTest, keys_are_read_again_after_an_hour_and_kept_for_a_day_where_that_fails) {
  EXPECT_EQ(ask(first_key().token(claims())), "passed");
  clock.now += 3'600'001;
  answer = make_error(Code::unavailable, "refused.");
  EXPECT_EQ(ask(first_key().token(claims())), "passed");
  EXPECT_EQ(asked.size(), 2U);
  EXPECT_EQ(ask(first_key().token(claims())), "passed");
  EXPECT_EQ(asked.size(), 2U) << "not at once again";
  clock.now += 23 * 3'600'000;
  EXPECT_EQ(ask(first_key().token(claims())),
            "The keys that this webhook's tokens are signed with cannot be read: https://keys.test/certs: refused.");
  EXPECT_EQ(code, Code::unavailable);
  answer = key_set({&first_key()});
  clock.now += 5'000;
  EXPECT_EQ(ask(first_key().token(claims())), "passed");
}

TEST_F(OidcTest, calls_that_come_together_ask_once) {
  boost::asio::io_context loop;
  int passed = 0;
  OidcGate shared(
      rules,
      [&](std::string url) -> Task<Result<std::string>> {
        asked.push_back(std::move(url));
        co_await sleep_for(std::chrono::milliseconds(1));
        co_return answer;
      },
      clock);
  for (int i = 0; i < 50; ++i)
    boost::asio::co_spawn(loop, shared.refuse("Bearer " + first_key().token(claims())),
                          [&](const std::exception_ptr& failure, const std::optional<Error>& why) {
                            passed += !failure && !why ? 1 : 0;
                          });
  loop.run();
  EXPECT_EQ(passed, 50);
  EXPECT_EQ(asked.size(), 1U);
}

TEST_F(OidcTest, a_fetcher_that_throws_leaves_nobody_waiting) {
  OidcGate broken(
      rules,
      [&](std::string url) -> Task<Result<std::string>> {
        asked.push_back(std::move(url));
        if (asked.size() == 1) throw std::runtime_error("a bug");
        co_return answer;
      },
      clock);
  const std::string authorization = "Bearer " + first_key().token(claims());
  EXPECT_THROW(run(broken.refuse(authorization)), std::runtime_error);
  clock.now += 5'000;
  EXPECT_EQ(run(broken.refuse(authorization)), std::nullopt);
}

TEST(KeySet, keeps_the_RSA_keys_for_signatures) {
  Json usable = first_key().jwk();
  const auto is_refused = [&](const Json& more) {
    Json key = usable;
    key.update(more);
    const auto set = KeySet::parse(Json{{"keys", {key}}}.dump());
    return !set && set.error().code == Code::invalid;
  };
  EXPECT_FALSE(is_refused(Json::object()));
  EXPECT_FALSE(is_refused({{"alg", nullptr}, {"use", nullptr}}));
  for (const Json& more : std::vector<Json>{{{"kty", "EC"}},
                                            {{"use", "enc"}},
                                            {{"alg", "RS512"}},
                                            {{"kid", ""}},
                                            {{"n", "AQAB"}},
                                            {{"n", "!"}},
                                            {{"n", std::string(5'000, 'A')}},
                                            {{"e", ""}},
                                            {{"e", "AQ"}},
                                            {{"e", "Ag"}},
                                            {{"e", std::string(100, 'B')}}})
    EXPECT_TRUE(is_refused(more)) << more.dump().substr(0, 60);
  EXPECT_TRUE(is_refused({{"n", SigningKey("small", 1024).modulus()}}));
  for (const std::string& body : {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"keys":{}})"),
                                  std::string(R"({"keys":[1,[],{}]})"), std::string(300'000, ' ')})
    EXPECT_FALSE(KeySet::parse(body)) << body.substr(0, 40);
}

class OidcIntakeTest : public IntakeTest {};

TEST_F(OidcIntakeTest, tokens_are_checked_against_the_keys_of_a_real_server) {
  boost::asio::io_context loop{1};
  std::string keys = key_set({&first_key()});
  unsigned status = 200;
  net::ServerOptions server_options;
  server_options.address = "127.0.0.1";
  auto issuer =
      net::Server::listen(loop.get_executor(), server_options, [&](net::ServerRequest) -> Task<net::ServerResponse> {
        co_return net::ServerResponse{status, {{"Content-Type", "application/json"}}, keys};
      });
  ASSERT_TRUE(issuer);
  net::Client client(loop.get_executor(), {});
  fetch_keys = [&](std::string url) -> Task<Result<std::string>> {
    net::Request request;
    request.url = std::move(url);
    auto response = co_await client.send(std::move(request));
    if (!response) co_return response.error();
    if (response->status != 200)
      co_return make_error(Code::unavailable, "answered " + std::to_string(response->status));
    co_return std::move(response->body);
  };
  OidcRules rules;
  rules.keys_url = "http://127.0.0.1:" + std::to_string((*issuer)->port()) + "/certs";
  rules.audience = kAudience;
  rules.email = kEmail;
  options.endpoints = {"gar", "quay"};
  options.tokens["gar"] = rules;
  const net::Handler handler = make_handler();
  const auto push = [&](const std::string& path, const std::string& token) {
    net::Headers headers;
    if (!token.empty()) headers.push_back({"Authorization", "Bearer " + token});
    return run(loop, handler(post(path, "{}", headers)));
  };
  const std::int64_t now = clock.now / 1000;
  const Json claims{{"iss", "https://accounts.google.com"},
                    {"aud", kAudience},
                    {"email", kEmail},
                    {"email_verified", true},
                    {"iat", now},
                    {"exp", now + 3600}};

  status = 500;
  const auto down = push("/webhook/gar", first_key().token(claims));
  EXPECT_EQ(down.status, 503U);
  EXPECT_EQ(header(down, "Retry-After"), "5");
  status = 200;
  clock.now += 5'000;
  EXPECT_EQ(push("/webhook/gar", first_key().token(claims)).status, 200U);
  EXPECT_EQ(push("/webhook/gar", "").status, 401U);
  EXPECT_EQ(push("/webhook/gar", second_key().token(claims)).status, 401U);
  EXPECT_EQ(push("/webhook/quay", first_key().token(claims)).status, 401U) << "open, while another one is not";
  keys = key_set({&second_key(), &first_key()});
  clock.now += 30'000;
  EXPECT_EQ(push("/webhook/gar", second_key().token(claims)).status, 200U);
  EXPECT_EQ(taken.size(), 2U);
}

}  // namespace
}  // namespace headwind::api
