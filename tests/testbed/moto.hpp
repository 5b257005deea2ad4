// SPDX-License-Identifier: Apache-2.0
// Amazon on this machine: moto's server (PyPI, pinned in testbed/moto, installed at first use). ECR's API, STS, IAM and
// the instance metadata service, all at one URL, told apart by path and by the service that a request is signed for.
//
//   auto amazon = testbed::Moto::start();
//   if (!amazon) return complain(amazon.error().message);
//   (*amazon)->create_repository("team/app");
//   const std::string digest = (*amazon)->put_image("team/app", "1.0.0");
//   client.use((*amazon)->url(), (*amazon)->keys());   // a wrong signature is refused
//
// Where moto is not Amazon: it never pages, an authorization token has expired when it is given (2015), and a request
// without any signature is an error while signatures are checked: see leave_unchecked(). ECR's registry side (/v2/) is
// not there. Ready in about 2 seconds. What goes wrong in the helpers is a broken test: they throw.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "testbed/process.hpp"

namespace headwind::testbed {

struct AwsKeys {
  std::string id, secret;
};

class Moto {
 public:
  static constexpr const char* region = "eu-west-1";
  static constexpr const char* account = "123456789012";
  static constexpr const char* role = "arn:aws:iam::123456789012:role/headwind";  // may do what keys() may
  // What GetAuthorizationToken gives for that account: user AWS and this password.
  static constexpr const char* registry_password = "123456789012-auth-token";
  // "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
  static std::string registry_host();

  static Result<std::unique_ptr<Moto>> start();
  ~Moto();
  void stop() { process_.stop(std::chrono::seconds(0)); }

  const std::string& url() const { return url_; }
  // Of the user "headwind", who may use ECR and STS and nothing else.
  const AwsKeys& keys() const { return keys_; }

  void create_repository(const std::string& repository) const;
  // The index of an image for linux/amd64; its digest, which is another for each tag and `content`.
  std::string put_image(const std::string& repository, const std::string& tag, const std::string& content = {}) const;
  // A call of the owner, who may do everything: ("ecr", "DescribeImages", R"({"repositoryName":"team/app"})").
  std::string call_ecr(const std::string& operation, const std::string& body) const;
  // The same for services of the query protocol: ("iam", "Action=CreateUser&UserName=x").
  std::string query(const std::string& service, const std::string& parameters) const;
  // The next `requests` pass whatever their signature is, those after them are checked. At first all are checked.
  void leave_unchecked(unsigned requests) const;
  // Every request that arrived, one a line, as in "POST / HTTP/1.1".
  std::string log() const;

 private:
  Moto();
  Result<> launch();
  Result<> make_users();
  Result<AwsKeys> make_user(const std::string& name, const std::string& actions) const;
  Result<std::string> curl(const std::string& service, const std::vector<std::string>& arguments) const;

  std::filesystem::path directory_;
  std::string url_;
  AwsKeys keys_, owner_ = {"AKIANOBODY", "nothing"};
  Process process_;
};

}  // namespace headwind::testbed
