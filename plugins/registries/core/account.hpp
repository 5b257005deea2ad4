// SPDX-License-Identifier: Apache-2.0
// In whose name a registry is asked: the credential of the call, else the settings' account or the identity that this
// process has in a cloud, else nobody's.
#pragma once
#include <string>
#include <string_view>

#include "registries/core/cloud.hpp"
#include "registries/core/settings.hpp"
#include "registries/core/transport.hpp"

namespace headwind::registries {

struct Account {
  enum class Source { nobody, call, settings, identity };
  Source source = Source::nobody;
  std::string key;  // for keys of caches: tells accounts apart, holds no secret
  std::string username, password, identity_token, registry_token;
  std::string password_secret;  // of the settings' account: where its password is, to be read when it is needed
  Cloud cloud = Cloud::none;    // of Source::identity: user and token are to be had from Identities, when needed

  bool has_secret() const;
  // For sentences: `user "ci" of its pull secret`. Never more than the user name.
  std::string text(std::string_view host) const;
  // What its owner should look at: "check ...".
  std::string remedy(std::string_view host) const;
};

// For the registry that images name `host`: that of its settings, or nobody's.
Account account_of(std::string_view host, const HostSettings& settings);
// The call's goes first: its account, or the cloud whose identity it asks for, where that is one of the host and the
// settings have no user name. A user name "<token>" announces that the password is an identity token.
Account account_of(std::string_view host, const HostSettings& settings, Transport& transport);
// Reads the password where it is a secret of the settings.
Outcome<Account> with_password(Account account, Transport& transport);
// "Basic <base64 of username:password>".
std::string basic_authorization(std::string_view username, std::string_view password);

}  // namespace headwind::registries
