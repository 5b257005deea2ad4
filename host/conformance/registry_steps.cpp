// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>
#include <vector>

#include "conformance/repertoire.hpp"

namespace headwind::conformance {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr const char *kRepository = "registry.example.com/team/web", *kOnHub = "docker.io/library/nginx",
                     *kOnAmazon = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web",
                     *kChart = "https://charts.example.com/stable/podinfo";
const std::string kDigest = "sha256:" + std::string(64, 'a');

Step list_tags(std::string situation, std::string repository, Peer peer = {}) {
  return {.function = "list_tags",
          .situation = std::move(situation),
          .wants = {.tags = true},
          .call =
              [repository = std::move(repository)](const Callee& callee, Visit& visit) {
                return callee.api<hw_registry_api>().list_tags(callee.self, visit.call(), visit.lent().text(repository),
                                                               visit.registry_sink());
              },
          .peer = std::move(peer)};
}

Step resolve(std::string situation, std::string repository, std::string tag, Peer peer = {}) {
  return {.function = "resolve",
          .situation = std::move(situation),
          .wants = {.artifact = true},
          .call =
              [repository = std::move(repository), tag = std::move(tag)](const Callee& callee, Visit& visit) {
                Lent& lent = visit.lent();
                const hw_status status =
                    callee.api<hw_registry_api>().resolve(callee.self, visit.call(), lent.text(repository),
                                                          lent.text(tag), lent.text(""), visit.registry_sink());
                if (status == HW_OK && visit.put == 0)
                  visit.breach("answers ok but puts no artifact; put one, or answer HW_NOT_FOUND");
                return status;
              },
          .peer = std::move(peer)};
}

Step platforms(std::string situation, std::string repository, std::string digest, Peer peer = {}) {
  return {.function = "platforms",
          .situation = std::move(situation),
          .wants = {.platform = true},
          .call =
              [repository = std::move(repository), digest = std::move(digest)](const Callee& callee, Visit& visit) {
                Lent& lent = visit.lent();
                return callee.api<hw_registry_api>().platforms(callee.self, visit.call(), lent.text(repository),
                                                               lent.text(digest), visit.registry_sink());
              },
          .peer = std::move(peer)};
}

Step webhook(std::string situation, std::string body,
             Headers headers = {{"content-type", "application/json"}, {"headwind-endpoint", "any"}}) {
  return {.function = "parse_webhook",
          .situation = std::move(situation),
          .wants = {.push = true},
          .computes = true,
          .call = [body = std::move(body), headers = std::move(headers)](const Callee& callee, Visit& visit) {
            Lent& lent = visit.lent();
            std::vector<hw_kv> rows;
            for (const auto& [name, value] : headers) rows.push_back({lent.text(name), lent.text(value)});
            return callee.api<hw_registry_api>().parse_webhook(callee.self, visit.call(), lent.row(rows), rows.size(),
                                                               lent.text(body), visit.registry_sink());
          }};
}

Peer saying(std::string body, std::string type = "application/json") {
  return always({.headers = {{"content-type", std::move(type)}}, .body = std::move(body)});
}

std::string distribution_event(const std::string& tag) {
  return R"({"events":[{"id":"1","timestamp":"2025-11-06T10:30:00Z","action":"push","target":{"mediaType":)"
         R"("application/vnd.oci.image.manifest.v1+json","repository":"team/web","digest":")" +
         kDigest + R"(","tag":")" + tag + R"("},"request":{"host":"registry.example.com"}}]})";
}

std::string many_tags() {
  std::string body = R"({"name":"team/web","tags":["0")";
  for (int i = 1; i < 10'000; ++i) body += ",\"1." + std::to_string(i) + ".0\"";
  return body + "]}";
}

std::vector<Step> all(Inputs inputs) {
  switch (inputs) {
    case Inputs::ordinary:
      return {list_tags("a repository", kRepository),
              list_tags("a repository of Docker Hub", kOnHub),
              list_tags("a repository of Amazon ECR", kOnAmazon),
              list_tags("a chart over HTTP", kChart),
              resolve("a tag", kRepository, "1.0.0"),
              resolve("a tag of Docker Hub", kOnHub, "1.0.0"),
              platforms("a digest", kRepository, kDigest),
              webhook("a push to a distribution registry", distribution_event("1.0.0")),
              webhook("a push to Docker Hub",
                      R"({"push_data":{"tag":"1.0.0","pushed_at":1762425000},"repository":{"repo_name":"team/web"}})")};
    case Inputs::empty:
      return {list_tags("no repository", ""),
              list_tags("a repository without tags", kRepository, saying(R"({"name":"team/web","tags":null})")),
              list_tags("an empty answer", kRepository, saying("")),
              resolve("no tag", kRepository, ""),
              resolve("an empty answer", kRepository, "1.0.0", saying("")),
              platforms("no digest", kRepository, ""),
              webhook("no headers and no body", "", {}),
              webhook("an empty object", "{}")};
    case Inputs::huge:
      return {list_tags("10,000 tags", kRepository, saying(many_tags())),
              list_tags("four megabytes of nothing", kRepository, saying(std::string(4U << 20U, ' '))),
              resolve("an answer of four megabytes", kRepository, "1.0.0", saying(std::string(4U << 20U, 'x'))),
              resolve("a tag of 128 characters", kRepository, std::string(128, 'x')),
              webhook("two megabytes of one tag", distribution_event(std::string(2U << 20U, 'x'))),
              webhook("a header of 8 KiB", distribution_event("1.0.0"), {{"x-signature", std::string(8192, 'x')}})};
    case Inputs::foreign:
      return {webhook("bytes that are not UTF-8", "{\"a\":\"\xff\xfe\x80\"}"),
              webhook("no JSON", "<html>not json</html>"),
              webhook("JSON of another shape", R"([{"events":7},null])"),
              webhook("events of another shape", R"({"events":[null,{"target":[]},{"target":{"tag":{}}}]})"),
              webhook("brackets 100,000 deep", std::string(100'000, '[')),
              webhook("headers with foreign bytes", distribution_event("1.0.0"), {{"x-signature", "\xff\xfe"}}),
              list_tags("an answer that is not UTF-8", kRepository, saying("{\"tags\":[\"1.\xc3(\"]}")),
              list_tags("tags of another shape", kRepository, saying(R"({"tags":[1,null,"a\nb",{"x":[]}]})")),
              list_tags("an answer that is no JSON", kRepository, saying("<html>proxy</html>", "text/html")),
              list_tags("brackets 100,000 deep", kRepository, saying(std::string(100'000, '['))),
              resolve("an answer of another shape", kRepository, "1.0.0", saying("[]")),
              platforms("an answer of another shape", kRepository, kDigest, saying(R"({"manifests":{"a":1}})"))};
  }
  return {};
}

}  // namespace

std::vector<Step> registry_steps(const hw_registry_api& api, Inputs inputs) {
  std::vector<Step> out;
  for (Step& step : all(inputs)) {
    if (step.function == "parse_webhook" && !HW_CAN(hw_registry_api, &api, parse_webhook)) continue;
    if (step.function == "platforms" && !HW_CAN(hw_registry_api, &api, platforms)) continue;
    out.push_back(std::move(step));
  }
  return out;
}

}  // namespace headwind::conformance
