// SPDX-License-Identifier: Apache-2.0
// Registries of Azure, read by workload identity or by the managed identity of the machine.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "plugins_registries/cloud_world.hpp"

namespace headwind::registries {
namespace {

using headwind::test::Answered;
using headwind::test::Asked;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* settings = R"({"hosts":{"*.azurecr.io":{"identity":"azure"}}})";
constexpr const char* image = "team.azurecr.io/shop/app";
constexpr const char* metadata_path = "/metadata/identity/oauth2/token";

class AzureIdentity : public CloudWorld {
 protected:
  AzureIdentity() : file_(std::filesystem::temp_directory_path() / ("assertion-" + std::to_string(::getpid()))) {
    std::ofstream(file_) << "eyJ.assertion.sig\n";
  }
  ~AzureIdentity() override { std::filesystem::remove(file_); }

  void federate() {
    environment.azure_client_id = "client-1", environment.azure_tenant_id = "tenant-1";
    environment.azure_token_file = file_.string();
  }
  void says(const std::string& path, Answered answered) {
    clouds.answer(
        [path, answered](const Asked& asked) { return asked.path == path ? std::optional(answered) : std::nullopt; });
  }
  Asked last(const std::string& path) const {
    Asked found;
    for (const auto& one : clouds.asked())
      if (one.path == path) found = one;
    return found;
  }

 private:
  const std::filesystem::path file_;
};

TEST_F(AzureIdentity, by_workload_identity_goes_by_three_tokens_to_the_fourth) {
  federate();
  Client& client = use(settings);
  const auto found = tags(client, image);
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_THAT(*found, ElementsAre("1.2.3", "1.2.4"));
  const Asked entra = last("/tenant-1/oauth2/v2.0/token"), exchange = last("/oauth2/exchange"),
              token = last("/oauth2/token");
  EXPECT_EQ(entra.method + " " + entra.host, "POST login.microsoftonline.com");
  EXPECT_EQ(entra.body,
            "grant_type=client_credentials&client_id=client-1&scope=https%3A%2F%2Fcontainerregistry.azure.net%2F."
            "default&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&"
            "client_assertion=eyJ.assertion.sig");
  EXPECT_EQ(exchange.method + " " + exchange.host, "POST team.azurecr.io");
  EXPECT_THAT(exchange.body,
              testing::StartsWith("grant_type=access_token&service=team.azurecr.io&tenant=tenant-1&access_token=aad."));
  EXPECT_THAT(token.body, AllOf(HasSubstr("grant_type=refresh_token"), HasSubstr("service=team.azurecr.io"),
                                HasSubstr("scope=repository%3Ashop%2Fapp%3Apull"), HasSubstr("refresh_token=ey")));
  EXPECT_EQ(clouds.count("127.0.0.1", metadata_path), 0);
  ASSERT_TRUE(tags(client, "other.azurecr.io/app"));
  EXPECT_EQ(clouds.count("login.microsoftonline.com", "/"), 1) << "one identity";
  EXPECT_EQ(clouds.count("", "/oauth2/exchange"), 2) << "that each registry takes for itself";
}

TEST_F(AzureIdentity, by_instance_metadata_where_there_is_no_token_file) {
  environment.azure_client_id = "client-2";
  const auto found = tags(use(settings), image);
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_EQ(last(metadata_path).query,
            "api-version=2018-02-01&resource=https%3A%2F%2Fcontainerregistry.azure.net&client_id=client-2");
  EXPECT_EQ(clouds.count("login.microsoftonline.com", "/"), 0);
}

TEST_F(AzureIdentity, is_exchanged_anew_when_half_of_the_refresh_tokens_life_is_over) {
  Client& client = use(settings);
  ASSERT_TRUE(tags(client, image));
  transport.pass(5'300);
  ASSERT_TRUE(tags(client, image));
  EXPECT_EQ(clouds.count("team.azurecr.io", "/oauth2/exchange"), 1);
  transport.pass(200);
  ASSERT_TRUE(tags(client, image));
  EXPECT_EQ(clouds.count("team.azurecr.io", "/oauth2/exchange"), 2);
  EXPECT_EQ(clouds.count("127.0.0.1", metadata_path), 1) << "that lives for a day";
}

TEST_F(AzureIdentity, a_refresh_token_that_is_refused_is_replaced_once_it_is_not_new) {
  Client& client = use(settings);
  ASSERT_TRUE(tags(client, image));
  says("/oauth2/token", {401, R"({"errors":[{"code":"UNAUTHORIZED"}]})"});
  transport.pass(120);
  const auto refused = tags(client, image);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, HW_DENIED);
  EXPECT_THAT(refused.failure().message, HasSubstr("the role AcrPull on team.azurecr.io"));
  expect_no_secret(refused.failure());
  clouds.answer({});
  ASSERT_TRUE(tags(client, image));
  EXPECT_GE(clouds.count("team.azurecr.io", "/oauth2/exchange"), 2);
}

TEST_F(AzureIdentity, that_all_registries_share_is_replaced_where_one_does_not_know_it_and_not_where_it_has_no_role) {
  for (const auto& [status, tokens] : {std::pair{403U, 1}, {401U, 2}}) {
    Client& client = use(settings);
    const int before = clouds.count("127.0.0.1", metadata_path);
    ASSERT_TRUE(tags(client, "other.azurecr.io/app"));
    says("/oauth2/exchange", {status, R"({"errors":[{"code":"DENIED"}]})"});
    for (int minute = 0; minute < 2; ++minute) {
      transport.pass(120);
      ASSERT_FALSE(tags(client, image));
    }
    EXPECT_EQ(clouds.count("127.0.0.1", metadata_path) - before, tokens) << status;
    clouds.answer({});
  }
}

struct Row {
  std::string path;
  Answered answered;
  hw_status code;
  std::string part;
};

TEST_F(AzureIdentity, refusals_name_who_refused_what_and_the_remedy) {
  federate();
  const std::string entra = "/tenant-1/oauth2/v2.0/token", exchange = "/oauth2/exchange";
  const std::string unknown =
      R"({"error":"invalid_client","error_description":"AADSTS700213: eyJ","error_codes":[700213]})";
  for (const auto& [path, answered, code, part] :
       {Row{entra, {401, unknown}, HW_DENIED, "401 (invalid_client AADSTS700213) for the client client-1"},
        Row{entra, {400, "<html>eyJ"}, HW_DENIED, "federated credential"},
        Row{entra, {503}, HW_UNAVAILABLE, "answered 503"}, Row{entra, {429}, HW_THROTTLED, "slow down"},
        Row{entra, {307, "", {{"Location", "https://evil.test/t"}}}, HW_DENIED, "answered 307"},
        Row{entra, {200, "garbage"}, HW_UNAVAILABLE, "usable token"},
        Row{exchange, {403, R"({"errors":[{"code":"DENIED","message":"aad.1"}]})"}, HW_DENIED, "AcrPull"},
        Row{exchange, {307, "", {{"Location", "https://evil.test/x"}}}, HW_DENIED, "answered 307"},
        Row{exchange, {200, R"({"refresh_token":17})"}, HW_UNAVAILABLE, "usable token"},
        Row{exchange, {500}, HW_UNAVAILABLE, "the token exchange of team.azurecr.io answered 500"}}) {
    says(path, answered);
    const auto found = tags(use(settings), image);
    ASSERT_FALSE(found) << path << answered.status;
    EXPECT_EQ(found.failure().code, code) << found.failure().message;
    EXPECT_THAT(found.failure().message,
                AllOf(HasSubstr("registry team.azurecr.io"), HasSubstr("at Azure"), HasSubstr(part)));
    expect_no_secret(found.failure());
  }
  EXPECT_EQ(strangers(), 0);
}

TEST_F(AzureIdentity, what_instance_metadata_refuses_is_told_with_its_remedy) {
  for (const auto& [path, answered, code, part] :
       {Row{metadata_path,
            {400, R"({"error":"invalid_request","error_description":"Identity not found"})"},
            HW_DENIED,
            "400 (invalid_request): assign a managed identity"},
        Row{metadata_path, {404}, HW_UNAVAILABLE, "not there yet"}, Row{metadata_path, {429}, HW_THROTTLED, "slow"},
        Row{metadata_path, {200, "[]"}, HW_UNAVAILABLE, "usable token"}}) {
    says(path, answered);
    const auto found = tags(use(settings), image);
    ASSERT_FALSE(found) << answered.status;
    EXPECT_EQ(found.failure().code, code) << found.failure().message;
    EXPECT_THAT(found.failure().message, HasSubstr(part));
  }
  environment.azure_metadata = "http://127.0.0.1:1";
  const auto absent = tags(use(settings), image);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.failure().code, HW_UNAVAILABLE);
  EXPECT_THAT(absent.failure().message, HasSubstr("azure.workload.identity/use"));
}

TEST_F(AzureIdentity, half_a_workload_identity_is_a_mistake_and_no_reason_to_be_somebody_else) {
  federate();
  const auto refused = [&](const std::string& part) {
    const auto found = tags(use(settings), image);
    ASSERT_FALSE(found);
    EXPECT_THAT(found.failure().message, HasSubstr(part));
  };
  environment.azure_client_id.clear();
  refused("azure.workload.identity/client-id");
  federate();
  environment.azure_authority = "http://login.microsoftonline.com";
  refused("AZURE_AUTHORITY_HOST must be a URL like https://");
  environment.azure_authority = "https://login.microsoftonline.com/";
  environment.azure_token_file = "/nowhere/token";
  refused("/nowhere/token of AZURE_FEDERATED_TOKEN_FILE cannot be opened");
  EXPECT_EQ(clouds.count("127.0.0.1", "/"), 0);
  EXPECT_EQ(clouds.count("login.microsoftonline.com", "/"), 0);
}

}  // namespace
}  // namespace headwind::registries
