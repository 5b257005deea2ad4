// SPDX-License-Identifier: Apache-2.0
// Tag lists as the registries of this world page them: each is read whole, or not at all.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "plugins_registries/scripted_transport.hpp"
#include "registries/core/client.hpp"

namespace headwind::registries {
namespace {

using Texts = std::vector<std::string>;

Client client(const std::string& settings = "{}") {
  auto parsed = Settings::parse(settings);
  EXPECT_TRUE(parsed) << parsed.failure().message;
  return Client(*parsed);
}

struct Listing {
  Texts tags, digests;
  std::vector<std::int64_t> pushed_ms;
  Failure failure{HW_OK, "", 0};
};

Listing list(Client& client, ScriptedTransport& transport, const std::string& name = "r.test/org/app") {
  Listing out;
  const auto count = client.list_rows(*parse_repository(name), transport, [&](const TagRows& rows) {
    out.tags.insert(out.tags.end(), rows.names.begin(), rows.names.end());
    out.digests.insert(out.digests.end(), rows.digests.begin(), rows.digests.end());
    out.pushed_ms.insert(out.pushed_ms.end(), rows.pushed_ms.begin(), rows.pushed_ms.end());
    EXPECT_LE(rows.names.size(), 1000u);
    return HW_OK;
  });
  if (!count) out.failure = count.failure();
  return out;
}

std::string number(std::size_t i) {
  const std::string digits = std::to_string(i);
  return "t" + std::string(6 - digits.size(), '0') + digits;
}

std::string json_of(const Texts& names) {
  std::string out = "[";
  for (const auto& name : names) out += (out.size() > 1 ? ",\"" : "\"") + name + "\"";
  return out + "]";
}

Texts numbers(std::size_t from, std::size_t to) {
  Texts out;
  for (std::size_t i = from; i < to; ++i) out.push_back(number(i));
  return out;
}

std::string parameter(const std::string& url, const std::string& name) {
  const auto at = url.find(name + "=");
  return at == std::string::npos ? "" : url.substr(at + name.size() + 1, url.find('&', at) - at - name.size() - 1);
}

// Sorted, by `last`, at most `most` tags at once.
struct SortedRegistry {
  std::size_t count;
  std::size_t most = 1000;
  bool links = true;
  bool again_beyond_the_end = false;
  Outcome<Response> operator()(const Request& request) const {
    const auto last = parameter(request.url, "last");
    std::size_t from = last.empty() ? 0 : std::stoul(last.substr(1)) + 1;
    if (from >= count && again_beyond_the_end) from = 0;
    const auto n = std::min<std::size_t>(most, std::stoul(parameter(request.url, "n")));
    const auto to = std::min(count, from + n);
    const bool more = links && to < count;
    return tags(
        json_of(numbers(from, to)),
        more ? "</v2/org/app/tags/list?last=" + number(to - 1) + "&n=" + std::to_string(n) + ">; rel=\"next\"" : "");
  }
};

TEST(Pages, of_distribution_3_that_clamps_n_are_followed_to_the_end) {
  ScriptedTransport transport(SortedRegistry{250, 100});
  auto c = client();
  EXPECT_EQ(list(c, transport).tags, numbers(0, 250));
  EXPECT_EQ(transport.requests.size(), 3u);
}

TEST(Pages, of_crane_s_registry_without_links_end_where_the_whole_list_comes_again) {
  const std::map<std::size_t, std::size_t> requests{{999, 1}, {1000, 2}, {2000, 3}, {2500, 3}};
  for (const auto& [count, expected] : requests) {
    ScriptedTransport transport(SortedRegistry{count, 1000, false, true});
    auto c = client();
    EXPECT_EQ(list(c, transport).tags, numbers(0, count));
    EXPECT_EQ(transport.requests.size(), expected) << count;
  }
}

TEST(Pages, of_docker_registry_2_are_one_unsorted_list_whatever_is_asked) {
  for (const std::size_t count : {3, 1000, 1500}) {
    Texts all = numbers(0, count);
    std::rotate(all.begin(), all.begin() + 2, all.end());
    ScriptedTransport transport([&](const Request&) -> Outcome<Response> { return tags(json_of(all)); });
    auto c = client();
    EXPECT_EQ(list(c, transport).tags, all);
  }
  ScriptedTransport none([](const Request&) -> Outcome<Response> { return tags("null"); });
  auto c = client();
  EXPECT_EQ(list(c, none).failure.code, HW_OK);
}

TEST(Pages, whose_last_tag_went_meanwhile_are_doubt_and_not_a_missing_repository) {
  for (const int status : {404, 400, 500, 304}) {
    ScriptedTransport zot([&](const Request& request) -> Outcome<Response> {
      if (request.url.find("last=") != std::string::npos) return Response{status, {}, ""};
      return tags(R"(["a","b"])", "</v2/org/app/tags/list?n=1000&last=b>; rel=\"next\"");
    });
    auto c = client();
    EXPECT_EQ(list(c, zot).failure.code, status == 500 ? HW_UNAVAILABLE : HW_INVALID) << status;
  }
}

TEST(Pages, of_a_proxy_that_lost_or_added_a_path_are_read_on_our_own) {
  for (const char* link : {"</v2/app/tags/list?last=2&n=1000>; rel=\"next\"",
                           "<https://r.test/repository/hub/v2/org/app/tags/list?n=1000&last=2>; rel=\"next\""}) {
    ScriptedTransport transport([&](const Request& request) -> Outcome<Response> {
      return request.url.find("last=2") == std::string::npos ? tags(R"(["1","2"])", link) : tags(R"(["3"])");
    });
    auto c = client();
    EXPECT_EQ(list(c, transport).tags, (Texts{"1", "2", "3"}));
    EXPECT_TRUE(transport.requests[1].url.starts_with("https://r.test/v2/org/app/tags/list?"));
  }
}

TEST(Pages, of_a_broken_chain_are_a_failure) {
  const auto told = [](const ScriptedTransport::Handler& handler, hw_status code = HW_INVALID) {
    ScriptedTransport transport(handler);
    auto c = client();
    const auto listing = list(c, transport);
    EXPECT_EQ(listing.failure.code, code);
    EXPECT_NE(listing.failure.message.find("r.test/org/app"), std::string::npos) << listing.failure.message;
    EXPECT_LE(transport.requests.size(), 2001u);
    return listing.failure.message;
  };
  const auto at = [](std::size_t page) {
    return "</v2/org/app/tags/list?page=" + std::to_string(page) + ">; rel=next";
  };
  std::size_t page = 0;
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  EXPECT_TRUE(has(told([&](const Request&) { return tags(R"(["a"])", at(++page)); }), "repeats pages"));
  EXPECT_TRUE(has(told([&](const Request&) { return tags("[]", at(++page)); }), "empty page"));
  EXPECT_TRUE(has(told([&](const Request&) { return tags(R"(["a"])", "</v2/org/app/tags/list>; rel=next"); }),
                  "without its place"));
  EXPECT_TRUE(has(told([&](const Request&) {
                    ++page;
                    return tags("[\"" + number(page) + "\"]", at(page));
                  }),
                  "too many pages"));
  EXPECT_TRUE(has(told(
                      [&](const Request& request) -> Outcome<Response> {
                        if (request.url.find("page=") != std::string::npos) return Response{200, {}, R"({"name":"x"})"};
                        return tags(R"(["a"])", at(1));
                      },
                      HW_UNAVAILABLE),
                  "without a list of tags"));
  EXPECT_TRUE(has(told(
                      [&](const Request& request) -> Outcome<Response> {
                        if (request.url.find("page=") != std::string::npos) return Response{200, {}, R"({"tags":["b")"};
                        return tags(R"(["a"])", at(1));
                      },
                      HW_UNAVAILABLE),
                  "else than JSON"));
}

TEST(Pages, of_google_bring_digests_and_times) {
  const std::string a = "sha256:" + std::string(64, 'a');
  const std::string b = "sha256:" + std::string(64, 'b');
  ScriptedTransport transport([&](const Request&) -> Outcome<Response> {
    return Response{
        200,
        {},
        R"({"child":[],"manifest":{")" + a +
            R"(":{"imageSizeBytes":"123","mediaType":"m","timeCreatedMs":"1","timeUploadedMs":"1700000000000","tag":["1.0","latest"]},")" +
            b + R"(":{"timeUploadedMs":"soon","tag":["0.9"]},"odd":{"tag":[7,null,{}]},"n":null},)" +
            R"("name":"p/app","tags":["0.9","1.0","latest","new"]})"};
  });
  auto c = client();
  const auto listing = list(c, transport, "us-docker.pkg.dev/p/r/app");
  EXPECT_EQ(listing.tags, (Texts{"0.9", "1.0", "latest", "new"}));
  EXPECT_EQ(listing.digests, (Texts{b, a, a, ""}));
  EXPECT_EQ(listing.pushed_ms, (std::vector<std::int64_t>{0, 1700000000000, 1700000000000, 0}));
}

// Three pages, each with an ETag that changes with its tags.
struct TaggedRegistry {
  std::vector<Texts> pages{{"a", "b"}, {"c"}, {"d"}};
  bool lies = false;  // the ETag stays
  int bodies = 0;
  Outcome<Response> operator()(const Request& request) {
    const auto at = parameter(request.url, "page");
    const auto page = at.empty() ? 0 : std::stoul(at);
    const auto list = json_of(pages[page]);
    const std::string etag = lies ? "\"same" + std::to_string(page) + "\""
                                  : "W/\"" + list.substr(2, 1) + list.substr(list.size() - 3, 1) + "\"";
    if (sent(request, "If-None-Match") == etag && !lies) return Response{304, {{"Etag", etag}}, ""};
    ++bodies;
    auto out = tags(
        list, page + 1 < pages.size() ? "</v2/org/app/tags/list?page=" + std::to_string(page + 1) + ">; rel=next" : "");
    out.headers.emplace_back("ETag", etag);
    return out;
  }
};

TEST(ETags, an_unchanged_list_costs_no_body_and_each_page_stands_for_itself) {
  TaggedRegistry registry;
  ScriptedTransport transport(std::ref(registry));
  auto c = client();
  EXPECT_EQ(list(c, transport).tags, (Texts{"a", "b", "c", "d"}));
  EXPECT_EQ(list(c, transport).tags, (Texts{"a", "b", "c", "d"}));
  EXPECT_EQ(registry.bodies, 3);
  EXPECT_EQ(transport.requests.size(), 6u) << "a page that did not change leads on to the next";
  registry.pages[1] = {"c", "x"};
  EXPECT_EQ(list(c, transport).tags, (Texts{"a", "b", "c", "x", "d"}));
  EXPECT_EQ(registry.bodies, 4);
}

TEST(ETags, are_not_shared_between_identities) {
  TaggedRegistry registry;
  ScriptedTransport transport(std::ref(registry));
  auto c = client();
  for (const char* who : {"a", "b"}) {
    transport.pull = Credential{who, who, "p", "", ""};
    list(c, transport);
    EXPECT_EQ(sent(transport.requests[transport.requests.size() - 3], "If-None-Match"), "-") << who;
  }
  EXPECT_EQ(registry.bodies, 6);
}

TEST(ETags, other_tags_under_an_unchanged_one_are_doubt_once) {
  TaggedRegistry registry;
  registry.lies = true;
  ScriptedTransport transport(std::ref(registry));
  auto c = client();
  EXPECT_EQ(list(c, transport).failure.code, HW_OK);
  EXPECT_EQ(list(c, transport).failure.code, HW_OK) << "the same tags again are no contradiction";
  registry.pages[0] = {"b", "a"};
  EXPECT_EQ(list(c, transport).failure.code, HW_OK) << "nor is another order";
  registry.pages[0] = {"a"};
  const auto doubted = list(c, transport);
  EXPECT_EQ(doubted.failure.code, HW_INVALID);
  EXPECT_NE(doubted.failure.message.find("unchanged ETag"), std::string::npos);
  EXPECT_EQ(list(c, transport).tags, (Texts{"a", "c", "d"})) << "what it was compared with is forgotten";
}

TEST(ETags, an_unasked_304_is_no_list) {
  ScriptedTransport transport([](const Request&) -> Outcome<Response> { return Response{304, {}, ""}; });
  auto c = client();
  EXPECT_EQ(list(c, transport).failure.code, HW_INVALID);
}

TEST(PageMemory, keeps_to_its_budget_and_lets_the_least_recently_used_go) {
  PageMemory memory(10'000);
  const auto page = [](char c) { return KnownPage{"\"e\"", "", {std::string(3000, c), "", {}, 1}}; };
  memory.put("a", page('a'));
  memory.put("b", page('b'));
  EXPECT_TRUE(memory.find("a"));
  memory.put("c", page('c'));
  memory.put("d", page('d'));
  EXPECT_FALSE(memory.find("b"));
  EXPECT_TRUE(memory.find("d"));
  EXPECT_LE(memory.bytes(), 10'000u);
  memory.put("big", {"\"e\"", "", {std::string(20'000, 'x'), "", {}, 1}});
  EXPECT_FALSE(memory.find("big"));
  for (const char* key : {"a", "b", "c", "d"}) memory.drop(key);
  EXPECT_EQ(memory.bytes(), 0u);
}

TEST(Mirrors, are_asked_in_their_order_and_their_word_is_never_final) {
  const std::string settings =
      R"({"hosts":{"r.test":{"endpoint":"https://real.test/hub","mirrors":["https://one.test","http://10.0.0.7:5000"]}}})";
  for (const auto& [status, body] : std::vector<std::pair<int, std::string>>{
           {404, ""}, {401, ""}, {403, ""}, {429, ""}, {503, ""}, {200, "<html>"}, {200, R"({"tags":[]})"}}) {
    ScriptedTransport transport([&](const Request& request) -> Outcome<Response> {
      if (request.url.starts_with("https://real.test/v2/hub/org/app/")) return tags(R"(["real"])");
      if (request.url.starts_with("http://10.0.0.7")) return Failure{HW_UNAVAILABLE, "refused", 0};
      return Response{status, {}, body};
    });
    auto c = client(settings);
    EXPECT_EQ(list(c, transport).tags, Texts{"real"}) << status;
    EXPECT_EQ(transport.requests.size(), 3u);
  }
  ScriptedTransport good([](const Request&) -> Outcome<Response> { return tags(R"(["mirrored"])"); });
  auto c = client(settings);
  EXPECT_EQ(list(c, good).tags, Texts{"mirrored"});
  EXPECT_EQ(good.requests.size(), 1u);
}

TEST(Mirrors, nothing_of_a_list_that_breaks_off_is_told) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    if (request.url.starts_with("https://r.test/")) return tags(R"(["real"])");
    if (request.url.find("last=") != std::string::npos) return Response{502, {}, ""};
    return tags(R"(["stale"])", "</v2/org/app/tags/list?n=1000&last=stale>; rel=next");
  });
  auto c = client(R"({"hosts":{"r.test":{"mirrors":["https://one.test"]}}})");
  EXPECT_EQ(list(c, transport).tags, Texts{"real"});
}

TEST(Mirrors, where_none_answers_the_registry_s_own_word_is_told) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    return request.url.starts_with("https://r.test/") ? Response{404, {}, ""} : Response{500, {}, ""};
  });
  auto c = client(R"({"hosts":{"r.test":{"mirrors":["https://one.test"]}}})");
  const auto failure = list(c, transport).failure;
  EXPECT_EQ(failure.code, HW_NOT_FOUND);
  EXPECT_EQ(failure.message.find("one.test"), std::string::npos);
}

}  // namespace
}  // namespace headwind::registries
