// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/clock.hpp"
#include "core/hash.hpp"
#include "core/host_pattern.hpp"
#include "core/image_reference.hpp"
#include "core/symbol.hpp"
#include "core/text.hpp"

namespace headwind {
namespace {

struct Reference {
  const char *text, *host, *path, *tag;
  bool pinned;
};

// The table "Image references" of the vectors: what runtimes and other tools make of these texts.
TEST(ImageReference, is_read_as_runtimes_read_it) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  const std::vector<Reference> table = {
      {"alpine", "docker.io", "library/alpine", "", false},
      {"foo/bar:1.1", "docker.io", "foo/bar", "1.1", false},
      {"docker.io/crazymax/nextcloud:latest", "docker.io", "crazymax/nextcloud", "latest", false},
      {"myacr.azurecr.io/app:1.0.888", "myacr.azurecr.io", "app", "1.0.888", false},
      {"localhost.localdomain/foo/bar", "localhost.localdomain", "foo/bar", "", false},
      {"localhost:5000/myimage", "localhost:5000", "myimage", "", false},
      {"localhost/testimage:mytag", "localhost", "testimage", "mytag", false},
      {"git.technotrade.ua:4567/anatoliy/mysql-nafta:0.0.1", "git.technotrade.ua:4567", "anatoliy/mysql-nafta", "0.0.1",
       false},
      {"harbor.example.com/library/nested/test-image:0.1", "harbor.example.com", "library/nested/test-image", "0.1",
       false},
      {"registry:5000/classic-web", "registry:5000", "classic-web", "", false},
      {"docker.pkg.github.com/crazy-max/ddns-route53/ddns-route53:latest", "docker.pkg.github.com",
       "crazy-max/ddns-route53/ddns-route53", "latest", false},
      {"gcr.io/project-id/image:w1th-alpha_num3ric.PLUScaps", "gcr.io", "project-id/image",
       "w1th-alpha_num3ric.PLUScaps", false},
  };
  for (const Reference& row : table) {
    const auto image = parse_image_reference(row.text);
    ASSERT_TRUE(image) << row.text << ": " << image.error().message;
    EXPECT_EQ(image->host, row.host) << row.text;
    EXPECT_EQ(image->path, row.path) << row.text;
    EXPECT_EQ(image->tag, row.tag) << row.text;
  }
  const auto pinned = parse_image_reference("gcr.io/google-containers/busybox:latest@" + digest);
  ASSERT_TRUE(pinned);
  EXPECT_EQ(pinned->tag, "latest");
  EXPECT_EQ(pinned->digest, digest);
  EXPECT_EQ(parse_image_reference("gcr.io/jannfis/test-image@" + digest)->tag, "");
}

TEST(ImageReference, all_spellings_of_a_hub_image_are_one_repository) {
  for (const char* text : {"nginx", "library/nginx", "docker.io/nginx", "docker.io/library/nginx",
                           "index.docker.io/library/nginx", "index.docker.io/nginx", "registry-1.docker.io/nginx"}) {
    EXPECT_EQ(parse_image_reference(text)->repository(), "docker.io/library/nginx") << text;
  }
}

TEST(ImageReference, keeps_the_spelling_of_the_user_and_a_pin) {
  const std::string digest = "sha256:" + std::string(64, 'b');
  EXPECT_EQ(with_tag(*parse_image_reference("index.docker.io/library/nginx:1.25.0"), "1.26.0", ""),
            "index.docker.io/library/nginx:1.26.0");
  EXPECT_EQ(with_tag(*parse_image_reference("registry:5000/a/b"), "2", ""), "registry:5000/a/b:2");
  EXPECT_EQ(with_tag(*parse_image_reference("a/b:1@sha256:" + std::string(64, 'a')), "2", digest), "a/b:2@" + digest);
}

TEST(ImageReference, what_a_kubelet_refuses_is_refused) {
  for (const std::string& text :
       {std::string("bad_chars:c@n'tuse"), std::string("a:b c"), "a:" + std::string(129, 'x'),
        std::string("library/ubuntu:"), std::string("x@unknown:abc123"), std::string("x@sha256:d34db33f"),
        std::string("x@"), std::string("https://httphost.sh/foo/bar:1.1"), std::string("white space/x"),
        std::string("gcr?com/x"), std::string("Upper/Case"), std::string(""), std::string("a//b"), std::string("-a"),
        "x@sha256:" + std::string(64, 's'), "x@sha256:" + std::string(64, 'a') + "@sha256:" + std::string(64, 'a'),
        "library/nginx:@sha256:" + std::string(64, 'a'), std::string("a..b/c"), std::string("host:99999999/x")}) {
    EXPECT_FALSE(parse_image_reference(text)) << text;
  }
}

TEST(Clock, times_are_read_and_written) {
  EXPECT_EQ(format_rfc3339(1762425000123), "2025-11-06T10:30:00.123Z");
  EXPECT_EQ(*parse_rfc3339("2025-11-06T10:30:00.123456789Z"), 1762425000123);
  EXPECT_EQ(*parse_rfc3339("2025-11-06T11:30:00+01:00"), 1762425000000);
  EXPECT_EQ(*parse_rfc3339("2025-11-06T10:30:00.1Z"), 1762425000100);
  for (const char* text : {"", "2025-11-06", "2025-13-06T10:30:00Z", "2025-02-30T10:30:00Z", "2025-11-06T10:30:00",
                           "2025-11-06T10:30:00.Z", "2025-11-06T10:30:00Zx", "2025-11-06T10:30:00+1:00",
                           "2025-11-06T10:31:00.1Z (approved by a@x)", "-025-11-06T10:30:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Hash, known_answers) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hmac_sha1_hex("key", "The quick brown fox jumps over the lazy dog"),
            "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9");
  EXPECT_EQ(hmac_sha256_hex("key", "The quick brown fox jumps over the lazy dog"),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  std::string out;
  for (const std::string& text : {"", "f", "fo", "foo", "foob", "\xff\xfe\x00"}) {
    ASSERT_TRUE(base64_decode(base64_encode(text), out));
    EXPECT_EQ(out, text);
  }
  EXPECT_FALSE(base64_decode("a", out));
  EXPECT_FALSE(base64_decode("a b=", out));
  EXPECT_TRUE(equal_in_constant_time("same", "same"));
  EXPECT_FALSE(equal_in_constant_time("same", "sane"));
}

TEST(Text, hostile_text_is_made_printable) {
  EXPECT_TRUE(is_valid_utf8("gr\xC3\xBC\xC3\x9F"));
  for (const char* bad : {"\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80"})
    EXPECT_FALSE(is_valid_utf8(bad));
  EXPECT_EQ(printable("a\nb\x1b[31m\xff"), "a?b?[31m?");
  EXPECT_EQ(printable("\xC3\xBC\xC3\xBC", 3), "\xC3\xBC");
  EXPECT_EQ(nearest("ploicy", {"policy", "pattern", "images"}), "policy");
  EXPECT_EQ(nearest("zzzzzzzz", {"policy", "pattern", "images"}), "");
}

TEST(ImageReference, the_longest_path_counts_what_docker_hub_puts_before_it) {
  EXPECT_TRUE(parse_image_reference(std::string(247, 'a')));
  EXPECT_FALSE(parse_image_reference(std::string(248, 'a')));
  EXPECT_TRUE(parse_image_reference("ghcr.io/" + std::string(255, 'a')));
}

TEST(Symbol, equal_text_is_one_symbol) {
  const Symbol a = "containers/web", b = std::string("containers/") + "web";
  EXPECT_TRUE(a == b);
  EXPECT_EQ(&a.str(), &b.str());
  EXPECT_TRUE(a == "containers/web");
  EXPECT_TRUE(Symbol("a") < Symbol("b"));
}

TEST(HostPattern, a_star_is_of_one_label_and_ports_are_equal) {
  EXPECT_TRUE(host_fits("*.example.com", "a.example.com"));
  EXPECT_TRUE(host_fits("h*r.example.com:5000", "harbor.example.com:5000"));
  EXPECT_TRUE(host_fits("r.io", "r.io"));
  EXPECT_FALSE(host_fits("*.example.com", "a.b.example.com"));
  EXPECT_FALSE(host_fits("*.example.com", "a.example.com:5000"));
  EXPECT_FALSE(host_fits("registry.*", "registry.lab:5000")) << "nor does it swallow a port";
  EXPECT_FALSE(host_fits("r.io", "r.io:5000"));
}

TEST(HostPattern, the_host_itself_is_more_special_than_any_pattern) {
  EXPECT_TRUE(is_more_special("r.io", "*.example.com"));
  EXPECT_FALSE(is_more_special("*.example.com", "r.io"));
  EXPECT_TRUE(is_more_special("reg*.example.com", "*.example.com"));
}

TEST(HostPattern, the_host_of_a_repository_is_its_first_part) {
  EXPECT_EQ(host_of("docker.io/library/nginx"), "docker.io");
  EXPECT_EQ(host_of("[::1]:5000/a"), "[::1]:5000");
}

}  // namespace
}  // namespace headwind
