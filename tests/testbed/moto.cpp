// SPDX-License-Identifier: Apache-2.0
#include "testbed/moto.hpp"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "core/hash.hpp"
#include "core/text.hpp"

namespace headwind::testbed {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::seconds kStartLimit{60};
constexpr std::chrono::milliseconds kPoll{50};
constexpr unsigned kAll = 1000000;

std::string element(const std::string& xml, const std::string& name) {
  const std::string opening = "<" + name + ">";
  const std::size_t begin = xml.find(opening);
  if (begin == std::string::npos) return {};
  const std::size_t from = begin + opening.size();
  return xml.substr(from, xml.find('<', from) - from);
}

std::string policy(const std::string& actions) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":)" + actions + R"(,"Resource":"*"}]})";
}

template <class Value>
Value or_throw(Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

}  // namespace

std::string Moto::registry_host() { return std::string(account) + ".dkr.ecr." + region + ".amazonaws.com"; }

Moto::Moto() : directory_(make_temporary_directory("moto")), url_("http://127.0.0.1:" + std::to_string(free_port())) {}

Moto::~Moto() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Result<std::unique_ptr<Moto>> Moto::start() {
  std::unique_ptr<Moto> moto(new Moto);
  if (auto launched = moto->launch(); !launched) return launched.error();
  if (auto made = moto->make_users(); !made) return made.error();
  moto->leave_unchecked(0);
  return moto;
}

Result<> Moto::launch() {
  const auto printed = run({std::string(HEADWIND_TESTBED_SOURCE) + "/tests/testbed/moto"});
  if (!printed) return printed.error();
  const std::string program(trim(split(trim(*printed), '\n').back()));
  auto started = Process::start({{program, "-H", "127.0.0.1", "-p", url_.substr(url_.rfind(':') + 1)},
                                 directory_ / "log",
                                 directory_,
                                 {"INITIAL_NO_AUTH_ACTION_COUNT=" + std::to_string(kAll)}});
  if (!started) return started.error();
  process_ = std::move(*started);
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  while (!run({"curl", "-sf", url_ + "/moto-api/data.json"})) {
    if (!process_.running()) return make_error(Code::unavailable, "moto ended: " + log());
    if (std::chrono::steady_clock::now() > deadline)
      return make_error(Code::unavailable, "moto does not become ready: " + log());
    std::this_thread::sleep_for(kPoll);
  }
  return {};
}

Result<> Moto::make_users() {
  const std::string allowed = R"(["ecr:*","sts:*"])";
  auto user = make_user("headwind", allowed);
  if (!user) return user.error();
  auto owner = make_user("owner", R"("*")");
  if (!owner) return owner.error();
  for (const std::string& action : {std::string("CreateRole&AssumeRolePolicyDocument={}"),
                                    "PutRolePolicy&PolicyName=use&PolicyDocument=" + policy(allowed)})
    if (auto made = curl("iam", {"-d", "Action=" + action, "-d", "RoleName=headwind"}); !made) return made.error();
  keys_ = std::move(*user);
  owner_ = std::move(*owner);
  return {};
}

Result<AwsKeys> Moto::make_user(const std::string& name, const std::string& actions) const {
  std::string answer;
  for (const std::string& action :
       {std::string("CreateUser"), "PutUserPolicy&PolicyName=use&PolicyDocument=" + policy(actions),
        std::string("CreateAccessKey")}) {
    auto made = curl("iam", {"-d", "Action=" + action, "-d", "UserName=" + name});
    if (!made) return made.error();
    answer = std::move(*made);
  }
  return AwsKeys{element(answer, "AccessKeyId"), element(answer, "SecretAccessKey")};
}

// curl signs by itself: a second opinion on signatures.
Result<std::string> Moto::curl(const std::string& service, const std::vector<std::string>& arguments) const {
  std::vector<std::string> command{"curl",
                                   "-sS",
                                   "--fail-with-body",
                                   "--aws-sigv4",
                                   std::string("aws:amz:") + region + ":" + service,
                                   "--user",
                                   owner_.id + ":" + owner_.secret,
                                   url_ + "/"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command);
}

void Moto::create_repository(const std::string& repository) const {
  call_ecr("CreateRepository", Json{{"repositoryName", repository}}.dump());
}

std::string Moto::put_image(const std::string& repository, const std::string& tag, const std::string& content) const {
  // An index tells its platforms itself; moto has no GetDownloadUrlForLayer for the configuration of a single image.
  const std::string type = "application/vnd.oci.image.index.v1+json";
  const Json image{{"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                   {"digest", "sha256:" + sha256_hex(tag + content)},
                   {"size", 2},
                   {"platform", {{"os", "linux"}, {"architecture", "amd64"}}}};
  const Json manifest{{"schemaVersion", 2}, {"mediaType", type}, {"manifests", Json::array({image})}};
  const std::string digest = "sha256:" + sha256_hex(manifest.dump());
  call_ecr("PutImage", Json{{"repositoryName", repository},
                            {"imageManifest", manifest.dump()},
                            {"imageManifestMediaType", type},
                            {"imageTag", tag},
                            {"imageDigest", digest}}
                           .dump());
  return digest;
}

std::string Moto::call_ecr(const std::string& operation, const std::string& body) const {
  return or_throw(
      curl("ecr", {"-H", "Content-Type: application/x-amz-json-1.1", "-H",
                   "X-Amz-Target: AmazonEC2ContainerRegistry_V20150921." + operation, "--data-binary", body}));
}

std::string Moto::query(const std::string& service, const std::string& parameters) const {
  return or_throw(curl(service, {"-d", parameters}));
}

void Moto::leave_unchecked(unsigned requests) const {
  or_throw(run({"curl", "-sSf", "-H", "Content-Type: text/plain", "-d", std::to_string(requests),
                url_ + "/moto-api/reset-auth"}));
}

std::string Moto::log() const {
  std::ifstream file(directory_ / "log", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace headwind::testbed
