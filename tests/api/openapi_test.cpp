// SPDX-License-Identifier: Apache-2.0
#include "api/openapi.hpp"

#include <set>

#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

TEST_F(ApprovalTest, the_openapi_document_names_every_route_and_no_other) {
  const json document = json::parse(openapi_document());
  EXPECT_EQ(document["openapi"], "3.1.0");
  std::set<std::string> described;
  for (const auto& [path, operations] : document["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) {
      std::string upper;
      for (const char letter : method) upper.push_back(static_cast<char>(letter - 'a' + 'A'));
      described.insert(upper + " " + path);
    }
  }
  std::set<std::string> served;
  for (const auto& [method, pattern] : approval_routes(*world.engine, open_gate)->routes()) {
    served.insert(method + " " + pattern);
  }
  EXPECT_EQ(described, served);
  EXPECT_EQ(body(get("/openapi.json")), document);
}

// The names of an operation's parameters that stand in the query.
std::set<std::string> query_of(const json& document, const json& operation) {
  std::set<std::string> names;
  for (const json& parameter : operation.value("parameters", json::array())) {
    const bool refers = parameter.contains("$ref");
    const json& one =
        refers ? document.at(json::json_pointer(parameter["$ref"].get<std::string>().substr(1))) : parameter;
    if (one["in"] == "query") names.insert(one["name"]);
  }
  return names;
}

TEST_F(ApprovalTest, every_route_takes_its_query_parameters_of_the_document_and_refuses_those_of_other_routes) {
  const json document = json::parse(openapi_document());
  std::set<std::string> all;
  for (const json& operations : document["paths"])
    for (const json& operation : operations) all.merge(query_of(document, operation));
  std::size_t looked_at = 0;
  for (const auto& [path, operations] : document["paths"].items())
    for (const auto& [method, operation] : operations.items()) {
      if (path == "/health") continue;
      std::string upper;
      for (const char letter : method) upper.push_back(static_cast<char>(letter - 'a' + 'A'));
      const auto refusal_of = [&](const std::string& parameter) {
        const auto response = call(request(upper, path + "?" + parameter + "=x"));
        return response.status == 400U ? sentence(response) : std::string();
      };
      EXPECT_TRUE(refusal_of("qqqqqqqqqqq").starts_with("The query parameter qqqqqqqqqqq is unknown here"))
          << method << " " << path;
      EXPECT_TRUE(operation["responses"].contains("400")) << method << " " << path;
      const std::set<std::string> own = query_of(document, operation);
      for (const std::string& name : all)
        EXPECT_EQ(refusal_of(name).find("is unknown here") == std::string::npos, own.contains(name))
            << method << " " << path << " " << name;
      looked_at += own.size();
    }
  EXPECT_GE(looked_at, 20U);
}

void collect(const json& node, std::set<std::string>& references) {
  if (node.is_object() && node.contains("$ref")) references.insert(node["$ref"].get<std::string>());
  if (node.is_structured()) {
    for (const json& child : node) collect(child, references);
  }
}

TEST(Openapi, every_reference_leads_somewhere) {
  const json document = json::parse(openapi_document());
  std::set<std::string> references;
  collect(document, references);
  EXPECT_GT(references.size(), 10U);
  for (const std::string& reference : references) {
    EXPECT_TRUE(document.contains(json::json_pointer(reference.substr(1)))) << reference;
  }
}

}  // namespace
}  // namespace headwind::api
