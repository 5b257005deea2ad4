// SPDX-License-Identifier: Apache-2.0
// Lists of artifacts that do not add up.
#include "plugins_harbor/harbor_world.hpp"

namespace headwind::registries {
namespace {

class HarborPages : public HarborTest {
 protected:
  // Lets a test change what the fake answers for the page of that number.
  void change(int page, std::function<void(Response&)> how) {
    instead = [this, page, how](const Request& request) -> std::optional<Response> {
      if (request.url.find("page=" + std::to_string(page)) == std::string::npos) return std::nullopt;
      auto response = harbor.answer(request);
      how(response);
      return response;
    };
  }
  static void set(Response& response, const std::string& name, const std::optional<std::string>& value) {
    std::erase_if(response.headers, [&](const auto& header) { return header.first == name; });
    if (value) response.headers.emplace_back(name, *value);
  }
  void expect_doubt(const std::string& why, hw_status code = HW_INVALID) {
    const auto listing = list();
    EXPECT_EQ(listing.failure.code, code);
    EXPECT_NE(listing.failure.message.find(why), std::string::npos) << listing.failure.message;
    EXPECT_FALSE(listing.route.listed);
  }
};

TEST_F(HarborPages, that_end_too_early_are_doubted) {
  fill(150);
  change(2, [](Response& response) {
    response.body = "[]";
    set(response, "Link", std::nullopt);
  });
  expect_doubt("fewer artifacts than it counts");
}

TEST_F(HarborPages, that_repeat_are_doubted) {
  fill(250);
  instead = [this](const Request& request) -> std::optional<Response> {
    if (request.url.find("page=2") == std::string::npos) return std::nullopt;
    return Response{200,
                    {{"Link", "</api/v2.0/projects/team/repositories/web%252Fapp/artifacts?page=2>; rel=\"next\""}},
                    harbor
                        .answer({"GET",
                                 "https://harbor.test/api/v2.0/projects/team/repositories/web%252Fapp/artifacts"
                                 "?page=1&page_size=100",
                                 request.headers, 0})
                        .body};
  };
  expect_doubt("repeats pages");
}

TEST_F(HarborPages, of_a_list_that_shrinks_meanwhile_are_to_be_read_again) {
  fill(250);
  change(2, [](Response& response) { set(response, "X-Total-Count", "249"); });
  expect_doubt("changed its list while it was read", HW_CONFLICT);
}

TEST_F(HarborPages, of_a_list_that_grows_meanwhile_are_whole) {
  fill(250);
  change(2, [](Response& response) { set(response, "X-Total-Count", "251"); });
  EXPECT_EQ(list().tags.size(), 250u);
}

TEST_F(HarborPages, that_a_push_moved_are_told_once) {
  fill(150);
  change(2, [](Response& response) {
    // What was the last of page one is now the first of page two.
    response.body.insert(1, R"({"id":100,"digest":")" + FakeHarbor::digest(99) +
                                R"(","tags":[{"name":"v99","push_time":"2026-01-02T03:04:05.678Z"}]},)");
  });
  EXPECT_EQ(list().tags.size(), 150u);
}

TEST_F(HarborPages, are_never_taken_from_elsewhere) {
  fill(150);
  for (const char* link :
       {"https://evil.test/api/v2.0/projects/team/repositories/web%252Fapp/artifacts?page=2", "//evil.test/x",
        "http://harbor.test/api/v2.0/projects/team/repositories/web%252Fapp/artifacts?page=2",
        "/api/v2.0/projects/other/repositories/web%252Fapp/artifacts?page=2", "/api/v2.0/users?page=2", "http://["}) {
    forget();
    transport.requests.clear();
    change(1, [&](Response& response) { set(response, "Link", "<" + std::string(link) + ">; rel=\"next\""); });
    expect_doubt("links to another list");
    EXPECT_EQ(transport.requests.size(), 2u) << link;
  }
}

TEST_F(HarborPages, are_found_without_their_headers) {
  fill(200);
  instead = [this](const Request& request) -> std::optional<Response> {
    auto response = harbor.answer(request);
    set(response, "Link", std::nullopt);
    set(response, "X-Total-Count", std::nullopt);
    return response;
  };
  EXPECT_EQ(list().tags.size(), 200u);
  EXPECT_EQ(transport.requests.size(), 4u);  // the third page tells that there is nothing more
  forget();
  fill(250);
  instead = [this](const Request& request) -> std::optional<Response> {
    auto response = harbor.answer(request);
    set(response, "Link", std::nullopt);
    return response;
  };
  EXPECT_EQ(list().tags.size(), 250u);
}

TEST_F(HarborPages, without_tags_count_as_read) {
  fill(150);
  harbor.null_tags = true;
  // An old Harbor that knows no query: it gives what has no tags, too.
  for (int i = 0; i < 120; ++i)
    harbor.projects["team"].repositories["web/app"][static_cast<std::size_t>(i)].tags.clear();
  instead = [this](Request request) -> std::optional<Response> {
    for (const char* query : {"q=tags%3D%2A&", "q=tags=*&"})
      if (const auto at = request.url.find(query); at != std::string::npos)
        request.url.erase(at, std::string_view(query).size());
    return harbor.answer(request);
  };
  const auto listing = list();
  EXPECT_EQ(listing.tags.size(), 30u) << listing.failure.message;
}

TEST_F(HarborPages, of_something_else_are_doubted) {
  fill(150);
  for (const std::string& body : {std::string("{}"), std::string("<html>"), std::string(max_artifact_page + 1, ' ')}) {
    forget();
    change(2, [&](Response& response) { response.body = body; });
    expect_doubt("something else than a list");
  }
}

TEST_F(HarborPages, that_the_transport_gives_up_end_the_list) {
  fill(150);
  ScriptedTransport cut([&](const Request& request) -> Outcome<Response> {
    if (request.url.find("page=2") != std::string::npos) return Failure{HW_UNAVAILABLE, "the connection was reset", 0};
    return harbor.answer(request);
  });
  cut.pull = transport.pull;
  const auto route =
      artifacts->list(*parse_repository("harbor.test/team/web/app"), cut, [](const hw::tag_page&) { return HW_OK; });
  ASSERT_FALSE(route);
  EXPECT_EQ(route.failure().message, "the connection was reset");
}

TEST_F(HarborPages, end_when_the_host_has_enough) {
  fill(250);
  const auto route = artifacts->list(*parse_repository("harbor.test/team/web/app"), transport,
                                     [](const hw::tag_page&) { return HW_CANCELLED; });
  ASSERT_FALSE(route);
  EXPECT_EQ(route.failure().code, HW_CANCELLED);
  EXPECT_EQ(transport.requests.size(), 2u);
}

}  // namespace
}  // namespace headwind::registries
