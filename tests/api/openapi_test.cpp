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
