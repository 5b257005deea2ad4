// SPDX-License-Identifier: Apache-2.0
// What the calls into registry plugins have in common: a repository, the credential to read it with, and a sink of
// which each function listens to its own member.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/image_reference.hpp"
#include "plugin/abi.hpp"
#include "plugin/frame.hpp"
#include "plugin/instance.hpp"
#include "plugin/types.hpp"

namespace headwind::plugin {

class RegistryFrame : public Frame {
 public:
  RegistryFrame(std::shared_ptr<Instance> instance, Function function, std::string repository = {},
                std::optional<Credential> credential = {})
      : Frame(std::move(instance), function), repository_(std::move(repository)), credential_(std::move(credential)) {
    if (!credential_) return;
    lent_ = {sizeof(hw_credential),
             0,
             lend(credential_->identity),
             lend(credential_->username),
             lend(credential_->password),
             lend(credential_->identity_token),
             lend(credential_->registry_token)};
  }

  const hw_credential* credential() const override { return credential_ ? &lent_ : nullptr; }
  std::string_view registry_host() const override { return host_of(repository_); }
  std::shared_ptr<const net::TlsSettings> tls() const override { return credential_ ? credential_->tls : nullptr; }

 protected:
  const hw_registry_api& api() const { return instance().api<hw_registry_api>(); }
  hw_str repository() const { return lend(repository_); }
  hw_registry_sink sink() {
    return {
        sizeof(hw_registry_sink),
        0,
        this,
        [](void* self, const hw_tags* page) { return at(self).guarded(&RegistryFrame::on_tags, page); },
        [](void* self, const hw_artifact* artifact) { return at(self).guarded(&RegistryFrame::on_artifact, artifact); },
        [](void* self, const hw_push* push) { return at(self).guarded(&RegistryFrame::on_push, push); },
        [](void* self, hw_str platform) {
          return at(self).cancelled() ? HW_CANCELLED : at(self).on_platform(platform);
        }};
  }
  virtual hw_status on_tags(const hw_tags&) { return reject("the plugin put tags where none were asked for"); }
  virtual hw_status on_artifact(const hw_artifact&) {
    return reject("the plugin put an artifact where none was asked for");
  }
  virtual hw_status on_push(const hw_push&) { return reject("the plugin put a push where none was asked for"); }
  virtual hw_status on_platform(hw_str) { return reject("the plugin put a platform where none was asked for"); }

 private:
  static RegistryFrame& at(void* self) { return *static_cast<RegistryFrame*>(self); }
  template <class Item>
  hw_status guarded(hw_status (RegistryFrame::*listener)(const Item&), const Item* item) {
    if (cancelled()) return HW_CANCELLED;
    if (!is_sized(item)) return reject("the plugin put a struct of a wrong size");
    return (this->*listener)(*item);
  }

  const std::string repository_;
  const std::optional<Credential> credential_;
  hw_credential lent_{};
};

}  // namespace headwind::plugin
