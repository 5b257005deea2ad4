// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <headwind/sdk.hpp>
#include <string>

#include "notifiers/email/message.hpp"

namespace headwind::notifiers {

enum class Tls { starttls, implicit, none };

struct SmtpServer {
  std::string host;
  int port = 587;
  Tls tls = Tls::starttls;
  std::string hello;     // how we greet; empty: this machine's name
  std::string username;  // empty: without logging in
  std::string ca_file;   // whom to trust; empty: whom the system trusts
  std::chrono::milliseconds timeout{30'000};
};

// Hands one mail over in a connection of its own, within the call's deadline. hw::error where the server did not take
// it: what it answered with 4xx may go later, with 5xx never. Never shows the password.
void send_mail(const hw::call& call, const SmtpServer& server, const std::string& password,
               const Letterhead& letterhead, const Mail& mail);

}  // namespace headwind::notifiers
