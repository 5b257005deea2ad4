// SPDX-License-Identifier: Apache-2.0
// The kubelet's vectors: keys that a Secret holds, the image, and which keys fit, in order.
#include "credentials/keyring.hpp"

#include <gtest/gtest.h>

namespace headwind::credentials {
namespace {

using Keys = std::vector<std::string>;

// Each key's account bears the key as its user name.
Keys fitting(const Keys& keys, std::string_view image) {
  DockerConfig config;
  for (const std::string& key : keys) config.entries.push_back({key, {key, "p", {}, {}}});
  Keyring keyring;
  keyring.add(config);
  Keys found;
  for (const Account& account : keyring.find(image)) found.push_back(account.username);
  return found;
}

struct Vector {
  Keys keys;
  std::string image;
  Keys fit;
};

const Vector vectors[] = {
    {{"quay.io", "quay.io/coreos"}, "quay.io/coreos/etcd", {"quay.io/coreos", "quay.io"}},
    {{"quay.io", "quay.io/coreos"}, "quay.io/other/x", {"quay.io"}},
    {{"quay.io/coreos/etcd"}, "quay.io/coreos/etcd-operator", {"quay.io/coreos/etcd"}},
    {{"quay.io/coreos/"}, "quay.io/coreos", {}},
    {{"*.kubernetes.io"}, "kubernetes.io/a", {}},
    {{"*.kubernetes.io"}, "a.b.kubernetes.io/a", {}},
    {{"*.*.kubernetes.io"}, "prefix.kubernetes.io", {}},
    {{"prefix.kubernetes.*"}, "prefix.kubernetes.io", {"prefix.kubernetes.*"}},
    {{"*-good.kubernetes.io"}, "prefix-good.kubernetes.io", {"*-good.kubernetes.io"}},
    {{"prefix.*.io/foo"}, "prefix.kubernetes.io/foo/bar", {"prefix.*.io/foo"}},
    {{"*.dkr.ecr.*.amazonaws.com"}, "012345678910.dkr.ecr.us-east-1.amazonaws.com/t/a", {"*.dkr.ecr.*.amazonaws.com"}},
    {{"reg.io:5000"}, "reg.io:5000/a", {"reg.io:5000"}},
    {{"reg.io:5000"}, "reg.io/a", {}},
    {{"reg.io"}, "reg.io:5000/a", {}},
    {{"reg.io:*"}, "reg.io:5000/a", {}},
    {{"https://index.docker.io/v1/"}, "ubuntu", {"https://index.docker.io/v1/"}},
    {{"https://index.docker.io/v1/"}, "library/ubuntu", {"https://index.docker.io/v1/"}},
    {{"https://index.docker.io/v1/"}, "docker.io/grafana/grafana", {"https://index.docker.io/v1/"}},
    {{"https://index.docker.io/v1/"}, "index.docker.io/grafana/grafana", {"https://index.docker.io/v1/"}},
    {{"https://index.docker.io/v1/"}, "world.mesos.org/foo/bar", {}},
    {{"docker.io"}, "docker.io/library/ubuntu", {"docker.io"}},
    {{"index.docker.io"}, "ubuntu", {"index.docker.io"}},
    {{"registry-1.docker.io"}, "ubuntu", {}},
    {{"https://ghcr.io/v2/"}, "ghcr.io/o/i", {"https://ghcr.io/v2/"}},
    {{"https://ghcr.io/v2"}, "ghcr.io/o/i", {}},
    {{"http://reg.io"}, "reg.io/a", {"http://reg.io"}},
    {{"REG.io"}, "reg.io/a", {}},
    {{"*"}, "localhost/x", {"*"}},
    {{"*"}, "ubuntu", {"*"}},
    {{"localhost:5000"}, "localhost:5000/x", {"localhost:5000"}},
    {{"[::1]:5000"}, "[::1]:5000/x", {"[::1]:5000"}},
    {{"fake.registry.io", "fake.registry.io/nested", "fake.registry.io/nested/repo"},
     "fake.registry.io/nested/repo",
     {"fake.registry.io/nested/repo", "fake.registry.io/nested", "fake.registry.io"}},
    {{"fake.registry.io/par"}, "fake.registry.io/partial", {"fake.registry.io/par"}},
    {{"fake.registry.io", "1.fake.registry.io"}, "2.fake.registry.io/x", {}},
    {{"fake.registry.io/nested/repo"}, "fake.registry.io/nested/repo/dirt", {"fake.registry.io/nested/repo"}},
    {{"reg.io//team"}, "reg.io/team/app", {}},
    {{}, "anything", {}},
};

TEST(Keyring, FindsWhatTheKubeletFinds) {
  for (const Vector& vector : vectors)
    EXPECT_EQ(fitting(vector.keys, vector.image), vector.fit)
        << vector.image << " with " << testing::PrintToString(vector.keys);
}

TEST(Keyring, KnowsTheImagesOfDockerHub) {
  for (const char* yes : {"foo/bar", "docker.io/foo/bar", "index.docker.io/foo/bar", "foo"})
    EXPECT_TRUE(is_of_docker_hub(yes)) << yes;
  for (const char* no : {"", "registry.tld/foo/bar", "registry:5000/foo/bar", "myhostdocker.io/foo/bar"})
    EXPECT_FALSE(is_of_docker_hub(no)) << no;
}

TEST(Keyring, SecretsKeepTheirOrderUnderOneKeyAndAreNotRepeated) {
  Keyring keyring;
  const auto config = [](const char* key, const char* user) { return DockerConfig{{{key, {user, "p", {}, {}}}}}; };
  keyring.add(config("https://reg.io", "first"));
  keyring.add(config("reg.io", "second"));
  keyring.add(config("reg.io/", "first"));
  keyring.add(config("*.io", "last"));
  Keys users;
  for (const Account& account : keyring.find("reg.io/a")) users.push_back(account.username);
  EXPECT_EQ(users, (Keys{"first", "second", "last"}));
}

TEST(Keyring, EntriesWithoutACredentialAreNobodysName) {
  Keyring keyring;
  keyring.add({{{"reg.io", {}}}});
  EXPECT_TRUE(keyring.empty());
  EXPECT_TRUE(keyring.find("reg.io/a").empty());
}

}  // namespace
}  // namespace headwind::credentials
