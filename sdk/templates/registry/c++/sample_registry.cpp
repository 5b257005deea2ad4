// SPDX-License-Identifier: Apache-2.0
// Reads a registry with an API of its own: GET /api/REPOSITORY/tags answers {"tags": ["1.0", "1.1"]}, and
// GET /api/REPOSITORY/tags/TAG answers {"digest": "sha256:..."}.
#include <headwind/sdk.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace {

class Sample : public hw::registry {
 public:
  explicit Sample(const hw::call& call) : http_(call) {}

  // All tags, page by page, in any order. A repository is written with its host. To leave some out is to say that they
  // are gone: whatever is in doubt is thrown, never left out.
  void list_tags(const hw::call& call, std::string_view repository, const hw::tag_pages& out) {
    const nlohmann::json answer = get(call, repository, "");
    if (!answer.contains("tags") || !answer["tags"].is_array()) throw unreadable(repository);
    hw::tag_page page;
    for (const nlohmann::json& tag : answer["tags"]) {
      if (!tag.is_string()) throw unreadable(repository);
      page.names.push_back(tag.get<std::string>());
    }
    out.put(page);
  }

  // What a tag stands for now; hw::code::not_found where there is none.
  hw::artifact resolve(const hw::call& call, std::string_view repository, std::string_view tag, std::string_view) {
    const nlohmann::json answer = get(call, repository, "/" + std::string(tag));
    if (!answer.contains("digest") || !answer["digest"].is_string()) throw unreadable(repository);
    return {.digest = answer["digest"].get<std::string>()};
  }

 private:
  // The host adds the credential of the workloads that ask ("pull"), and gives up at the deadline of the call.
  nlohmann::json get(const hw::call& call, std::string_view repository, const std::string& more) const {
    const std::size_t slash = repository.find('/');
    if (slash == std::string_view::npos) throw hw::error(hw::code::invalid, "the repository has no host");
    const std::string host(repository.substr(0, slash));
    const hw::http_request request{
        .url = "https://" + host + "/api" + std::string(repository.substr(slash)) + "/tags" + more,
        .credential = "pull"};
    const hw::http_response response = http_.exchange(call, request);
    const nlohmann::json answer = nlohmann::json::parse(response.expect_success(host).body, nullptr, false);
    if (!answer.is_object()) throw unreadable(repository);
    return answer;
  }

  static hw::error unreadable(std::string_view repository) {
    return {hw::code::unavailable, "the answer about " + std::string(repository) + " is not of the documented shape"};
  }

  hw::http http_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Sample>{.id = "com.example.registry.sample",
                                   .version = "0.1.0",
                                   .summary = "Reads the tags of a registry with an API of its own",
                                   .needs = {HW_SERVICE_HTTP}});
