// SPDX-License-Identifier: Apache-2.0
// headwind.notifier.email: mails events by SMTP. Where the setting username is set, the granted secret "password" is
// its password, which only an encrypted connection ever sees.
#include <headwind/sdk.hpp>

#include "notifiers/core/hook.hpp"
#include "notifiers/email/message.hpp"
#include "notifiers/email/smtp.hpp"

namespace {

namespace notifiers = headwind::notifiers;

notifiers::Tls tls_of(const std::string& text) {
  if (text == "implicit") return notifiers::Tls::implicit;
  return text == "none" ? notifiers::Tls::none : notifiers::Tls::starttls;
}

class Email : public hw::notifier {
 public:
  Email(const hw::call& call, const hw::config& config)
      : secrets_(call),
        letterhead_{config.get<std::string>("from"), config.get<std::string>("from_name", "Headwind"),
                    config.get<std::vector<std::string>>("to"),
                    config.get<std::string>("subject_prefix", "[Headwind]")} {
    server_.host = config.get<std::string>("host");
    server_.tls = tls_of(config.get<std::string>("tls", "starttls"));
    server_.port = config.get<int>("port", server_.tls == notifiers::Tls::implicit ? 465 : 587);
    server_.hello = config.get<std::string>("hello", "");
    server_.username = config.get<std::string>("username", "");
    server_.ca_file = config.get<std::string>("ca_file", "");
    server_.timeout = std::chrono::seconds(config.get<int>("timeout_seconds", 30));
    for (const std::string& address : letterhead_.to)
      if (!notifiers::is_address(address))
        throw hw::error(hw::code::invalid,
                        "setting to holds something that is no mail address, such as ops@example.com");
    if (letterhead_.to.empty()) throw hw::error(hw::code::invalid, "setting to is empty: name those who get the mails");
    if (!notifiers::is_address(letterhead_.from))
      throw hw::error(hw::code::invalid, "setting from is no mail address, such as headwind@example.com");
    if (!server_.username.empty() && server_.tls == notifiers::Tls::none)
      throw hw::error(hw::code::invalid,
                      "setting username needs an encrypted connection: set tls to starttls or implicit");
    read_password(call);
  }

  void send(const hw::call& call, const hw::event& event) {
    const auto mail = notifiers::mail_of(notifiers::notice_of(event), letterhead_, event.id);
    const auto password = read_password(call);
    if (call.dry_run()) return;
    notifiers::send_mail(call, server_, password, letterhead_, mail);
  }

 private:
  std::string read_password(const hw::call& call) const {
    if (server_.username.empty()) return {};
    return notifiers::read_secret(call, secrets_, "password", "the password of setting username");
  }

  hw::secrets secrets_;
  notifiers::Letterhead letterhead_;
  notifiers::SmtpServer server_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Email>{.id = "headwind.notifier.email",
                                  .version = "1.0.0",
                                  .summary = "Mails events by SMTP, with STARTTLS or TLS and a login",
                                  .schema = R"({"type": "object", "additionalProperties": false,
  "required": ["host", "from", "to"], "properties": {
  "host": {"type": "string", "pattern": "^([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])$", "maxLength": 253},
  "port": {"type": "integer", "minimum": 1, "maximum": 65535, "description": "587, or 465 for implicit TLS"},
  "tls": {"enum": ["starttls", "implicit", "none"], "default": "starttls"},
  "username": {"type": "string", "maxLength": 254, "description": "its password is the secret password"},
  "from": {"type": "string", "maxLength": 254},
  "from_name": {"type": "string", "default": "Headwind", "maxLength": 60},
  "to": {"type": "array", "items": {"type": "string", "maxLength": 254}, "minItems": 1, "maxItems": 50},
  "subject_prefix": {"type": "string", "default": "[Headwind]", "maxLength": 60},
  "hello": {"type": "string", "pattern": "^[A-Za-z0-9.-]*$", "maxLength": 253},
  "ca_file": {"type": "string", "description": "certificates to trust instead of the system's"},
  "timeout_seconds": {"type": "integer", "minimum": 1, "maximum": 300, "default": 30, "description": "of one mail"}}})",
                                  .needs = {HW_SERVICE_SECRETS}});
