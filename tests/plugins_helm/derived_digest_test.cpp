// SPDX-License-Identifier: Apache-2.0
// The digest of a version to which the index gives none.
#include "plugins_helm/index_text.hpp"
#include "registries/core/digest.hpp"

namespace headwind::registries::helm {
namespace {

ChartVersion only(std::string_view text) {
  const auto listing = parsed(text).list("app");
  EXPECT_EQ(listing.versions.size(), 1u);
  return listing.versions.empty() ? ChartVersion() : listing.versions[0];
}
ChartVersion entry(const std::string& fields) { return only(index_of({fields})); }

TEST(DerivedDigest, is_that_of_the_entry_as_canonical_json) {
  const auto version = entry("version: 1.0.0, urls: [a.tgz, b.tgz], deprecated: true, appVersion: 7, icon: ~");
  EXPECT_TRUE(version.digest_derived);
  EXPECT_EQ(version.digest,
            sha256_digest(R"({"appVersion":"7","deprecated":"true","icon":null,"name":"app","urls":["a.tgz","b.tgz"],)"
                          R"("version":"1.0.0"})"));
}

TEST(DerivedDigest, does_not_depend_on_the_notation) {
  const auto flow = entry("version: 1.0.0, keywords: [\"a\", b], maintainers: [{name: x, email: y}]").digest;
  EXPECT_EQ(entry("maintainers: [{email: 'y', name: x}], keywords: [a, b], version: \"1.0.0\"").digest, flow);
  EXPECT_EQ(only("entries:\n    app:\n    # a remark\n    - version: 1.0.0\n      keywords:\n      - a\n      - b\n"
                 "      name: app\n      maintainers:\n      - name: x\n        email: y\napiVersion: v1\n")
                .digest,
            flow);
  EXPECT_EQ(only(R"({"apiVersion":"v1","entries":{"app":[{"keywords":["a","b"],"name":"app",)"
                 R"("maintainers":[{"name":"x","email":"y"}],"version":"1.0.0"}]}})")
                .digest,
            flow);
}

TEST(DerivedDigest, changes_with_every_field) {
  const std::string before = entry("version: 1.0.0, urls: [a.tgz], created: '2026-01-02T03:04:05Z'").digest;
  for (const char* after : {"version: 1.0.1, urls: [a.tgz], created: '2026-01-02T03:04:05Z'",
                            "version: 1.0.0, urls: [b.tgz], created: '2026-01-02T03:04:05Z'",
                            "version: 1.0.0, urls: [a.tgz], created: '2026-01-02T03:04:06Z'",
                            "version: 1.0.0, urls: [a.tgz, a.tgz], created: '2026-01-02T03:04:05Z'",
                            "version: 1.0.0, urls: a.tgz, created: '2026-01-02T03:04:05Z'",
                            "version: 1.0.0, urls: [[a.tgz]], created: '2026-01-02T03:04:05Z'",
                            "version: 1.0.0, urls: [a.tgz], created: '2026-01-02T03:04:05Z', digest: abc",
                            "version: 1.0.0, urls: [a.tgz], created: '2026-01-02T03:04:05Z', x: {y: z}"})
    EXPECT_NE(entry(after).digest, before) << after;
}

TEST(DerivedDigest, stands_in_for_what_is_no_sha256) {
  for (const std::string& digest : {std::string("sha256:1234567890abcdef"), std::string(63, 'a'), std::string(65, 'a'),
                                    std::string(64, 'g'), "sha512:" + std::string(64, 'a'), std::string()})
    EXPECT_TRUE(entry("version: 1.0.0, digest: '" + digest + "'").digest_derived) << digest;
  EXPECT_FALSE(entry("version: 1.0.0, digest: " + std::string(64, 'F')).digest_derived);
  EXPECT_EQ(entry("version: 1.0.0, digest: sha256:" + std::string(64, 'F')).digest, "sha256:" + std::string(64, 'f'));
}

TEST(DerivedDigest, is_not_made_of_an_entry_beyond_any_measure) {
  std::string text = "apiVersion: v1\nentries:\n  app:\n  - name: app\n    version: 1.0.0\n    keywords:\n";
  for (int i = 0; i < 40'000; ++i) text += "    - 0123456789abcdef0123456789abcdef\n";
  const auto index = parsed(text + "  - {name: app, version: 0.9.0}\n");
  EXPECT_EQ(names(index, "app"), std::vector<std::string>{"0.9.0"});
  EXPECT_EQ(index.left_out_first(), "app: an entry without a digest is larger than 1 MiB");
}

}  // namespace
}  // namespace headwind::registries::helm
