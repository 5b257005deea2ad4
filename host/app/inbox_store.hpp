// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>

#include "kube/client.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// The inbox in ConfigMap headwind-inbox: one data key per hint, named by a hash of "repository:tag".
class ConfigMapInbox final : public update::InboxStore {
 public:
  ConfigMapInbox(std::shared_ptr<kube::Client> client, std::string name_space)
      : client_(std::move(client)), name_space_(std::move(name_space)) {}
  Task<Result<std::vector<update::Hint>>> load() override;
  Task<Result<>> write(std::vector<update::Hint> put, std::vector<std::string> gone) override;

 private:
  std::shared_ptr<kube::Client> client_;
  std::string name_space_;
};

// For a process outside a cluster that has no namespace of ours: hints live as long as the process.
class MemoryInbox final : public update::InboxStore {
 public:
  Task<Result<std::vector<update::Hint>>> load() override;
  Task<Result<>> write(std::vector<update::Hint> put, std::vector<std::string> gone) override;
};

}  // namespace headwind::app
