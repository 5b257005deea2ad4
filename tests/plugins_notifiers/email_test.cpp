// SPDX-License-Identifier: Apache-2.0
// Mails as a real server and a real reader of mails see them.
#include "plugins_notifiers/email_world.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>

#include "notifiers/email/message.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Email : public MailWorld {};

TEST_F(Email, goes_by_starttls_after_a_login) {
  serve("starttls", {"ops:s3cret ü"});
  ASSERT_EQ(send(full_sample("update_failed")), HW_OK) << complaint();
  ASSERT_EQ(mails().size(), 1u);
  const json mail = mails()[0];
  EXPECT_EQ(mail["from"], "headwind@example.com");
  EXPECT_EQ(mail["to"], json({"ops@example.com"}));
  EXPECT_EQ(mail["encrypted"], true);
  EXPECT_EQ(mail["login"], "ops");
  EXPECT_EQ(mail["defects"], json::array());
  EXPECT_EQ(mail["types"], json({"multipart/mixed", "multipart/alternative", "text/plain", "text/html"}));
  const json& headers = mail["headers"];
  EXPECT_EQ(headers["Subject"], "[Headwind] Update failed: Deployment prod/web");
  EXPECT_EQ(headers["From"], "Headwind <headwind@example.com>");
  EXPECT_EQ(headers["To"], "ops@example.com");
  EXPECT_EQ(headers["Date"], "Thu, 06 Nov 2025 10:30:00 +0000");
  EXPECT_EQ(headers["Message-ID"], "<e1@example.com>");
  EXPECT_EQ(headers["Auto-Submitted"], "auto-generated");
  const std::string text = mail["text"], html = mail["html"];
  EXPECT_THAT(text, HasSubstr("New Image: nginx:1.26.0"));
  EXPECT_THAT(text, HasSubstr("View in Dashboard: https://ui.example.com/updates/prod/web?a=1&b=(2)"));
  EXPECT_THAT(text, HasSubstr("Approve: https://api.example.com/api/v1/updates/prod/web/approve"));
  EXPECT_THAT(html, HasSubstr("breaks &lt;the&gt; [cart]"));
  EXPECT_THAT(html, HasSubstr("<a href=\"https://ui.example.com/updates/prod/web?a=1&amp;b=(2)\">"));
  EXPECT_THAT(html, Not(HasSubstr("<the>")));
}

TEST_F(Email, goes_by_implicit_tls) {
  serve("implicit", {"ops:s3cret"});
  ASSERT_EQ(send(sample("update_failed")), HW_OK) << complaint();
  EXPECT_EQ(mails().at(0)["encrypted"], true);
  EXPECT_EQ(mails().at(0)["login"], "ops");
}

TEST_F(Email, goes_in_the_open_where_the_setting_says_so) {
  serve("none");
  ASSERT_EQ(send(sample("update_failed")), HW_OK) << complaint();
  EXPECT_EQ(mails().at(0)["encrypted"], false);
}

TEST_F(Email, logs_in_with_what_the_server_offers) {
  for (const char* mechanism : {"PLAIN", "LOGIN"}) {
    sent.reset();
    serve("starttls", {"ops:s3cret", mechanism});
    ASSERT_EQ(send(sample("update_failed")), HW_OK) << mechanism << ": " << complaint();
    EXPECT_EQ(mails().at(0)["login"], "ops");
  }
}

TEST_F(Email, a_wrong_password_is_never_shown) {
  serve("starttls", {"ops:s3cret"});
  secrets["password"] = "topSECRET";
  EXPECT_EQ(send(sample("update_failed")), HW_DENIED);
  EXPECT_THAT(complaint(), HasSubstr("secret \"password\""));
  EXPECT_FALSE(sent->shows("topSECRET"));
  EXPECT_TRUE(mails().empty());
}

TEST_F(Email, a_certificate_that_nobody_vouches_for_is_refused) {
  for (const char* tls : {"starttls", "implicit"}) {
    sent.reset();
    serve(tls, {"ops:s3cret"});
    settings.erase("ca_file");
    EXPECT_EQ(send(sample("update_failed")), HW_UNAVAILABLE);
    EXPECT_THAT(complaint(), HasSubstr("ca_file"));
    sent.reset();
    settings["ca_file"] = certificate();
    settings["host"] = "127.0.0.1";  // the certificate names localhost
    EXPECT_EQ(send(sample("update_failed")), HW_UNAVAILABLE);
    EXPECT_TRUE(mails().empty());
  }
}

TEST_F(Email, no_login_and_no_mail_without_the_encryption_that_was_asked_for) {
  serve("none");
  settings["tls"] = "starttls";
  settings["username"] = "ops";
  secrets["password"] = "s3cret";
  EXPECT_EQ(send(sample("update_failed")), HW_INVALID);
  EXPECT_THAT(complaint(), HasSubstr("offers no STARTTLS"));
  EXPECT_TRUE(mails().empty());
}

TEST_F(Email, one_wrong_address_does_not_silence_the_others) {
  serve("starttls");
  settings["to"] = {"gone@example.com", "ops@example.com", "dev@example.com"};
  ASSERT_EQ(send(sample("update_failed")), HW_OK) << complaint();
  EXPECT_EQ(mails().at(0)["to"], json({"ops@example.com", "dev@example.com"}));
  ASSERT_EQ(sent->host.logs.size(), 1u);
  EXPECT_EQ(sent->host.logs[0].message, "some recipients were refused");
}

TEST_F(Email, what_the_server_answers_decides_about_another_try) {
  struct Row {
    const char *from, *to;
    hw_status code;
    const char* status;
  };
  serve("starttls");
  for (const Row& row : {Row{"a@example.com", "gone@example.com", HW_INVALID, "550"},
                         Row{"a@example.com", "later@example.com", HW_UNAVAILABLE, "451"},
                         Row{"full@example.com", "ops@example.com", HW_UNAVAILABLE, "452"},
                         Row{"big@example.com", "ops@example.com", HW_INVALID, "552"}}) {
    sent.reset();
    settings["from"] = row.from;
    settings["to"] = {row.to};
    EXPECT_EQ(send(sample("update_failed")), row.code) << row.status;
    EXPECT_THAT(complaint(), HasSubstr(row.status));
    EXPECT_EQ(retryable(), row.code == HW_UNAVAILABLE);
  }
  EXPECT_TRUE(mails().empty());
}

TEST_F(Email, subjects_are_unicode_and_no_text_becomes_a_header) {
  serve("starttls");
  settings["from_name"] = "Größe, \"x\" <evil@example.com>\r\nBcc: evil@example.com";
  settings["subject_prefix"] = "[Prod]\r\nBcc: evil@example.com";
  ASSERT_EQ(create(), HW_OK);
  auto details = sample("something_new");
  const std::string words = "Größe 📦\r\nBcc: evil@example.com\r\n\r\n<script> " + std::string(120, 'x') + " ende 📦";
  ASSERT_EQ(sent->send_raw(details.dump(), words, "id\r\nBcc: evil@example.com"), HW_OK) << complaint();
  const json mail = mails().at(0);
  EXPECT_EQ(mail["header_count"], 9) << mail["headers"].dump(1);
  EXPECT_FALSE(mail["headers"].contains("Bcc"));
  EXPECT_EQ(mail["headers"]["Subject"], "[Prod]  Bcc: evil@example.com Größe 📦  Bcc: evil@example.com    <script> " +
                                            std::string(120, 'x') + " ende 📦");
  EXPECT_THAT(mail["headers"]["From"].get<std::string>(), HasSubstr("<headwind@example.com>"));
  EXPECT_EQ(mail["headers"]["Message-ID"], "<idBccevilexamplecom@example.com>");
  EXPECT_EQ(mail["to"], json({"ops@example.com"}));
}

TEST_F(Email, huge_texts_are_shortened_and_odd_lines_survive) {
  serve("starttls");
  for (const char* filling : {"x", "€", "📦", ".\n", "From x\n", "\r\n.\r\n"}) {
    sent.reset();
    ASSERT_EQ(send(huge_sample("update_failed", filling)), HW_OK) << filling << ": " << complaint();
  }
  ASSERT_EQ(mails().size(), 6u);
  for (const json& mail : mails()) {
    EXPECT_LE(mail["longest_line"], 998);
    EXPECT_EQ(mail["bare_breaks"], 0);
    EXPECT_EQ(mail["defects"], json::array());
  }
  EXPECT_THAT(mails()[3]["text"].get<std::string>(), HasSubstr("\n.\n.\n"));
}

TEST_F(Email, many_recipients_fit_into_the_header) {
  serve("starttls");
  settings["to"] = json::array();
  for (int i = 0; i < 50; ++i) settings["to"].push_back("person-number-" + std::to_string(i) + "@example.com");
  ASSERT_EQ(send(sample("update_failed")), HW_OK) << complaint();
  EXPECT_EQ(mails().at(0)["to"].size(), 50u);
  EXPECT_THAT(mails().at(0)["headers"]["To"].get<std::string>(), HasSubstr("person-number-49@example.com"));
}

TEST_F(Email, a_silent_server_is_left_at_the_deadline) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener, 8), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  settings = {{"host", "127.0.0.1"},
              {"port", ntohs(address.sin_port)},
              {"tls", "none"},
              {"from", "a@example.com"},
              {"to", {"b@example.com"}}};
  ASSERT_EQ(create(), HW_OK);
  sent->host.deadline_ms = sent->host.mono_ms + 300;
  EXPECT_EQ(sent->send(sample("update_failed")), HW_UNAVAILABLE);
  EXPECT_TRUE(retryable());
  sent->host.deadline_ms = sent->host.mono_ms + 60'000;
  sent->host.cancelled = true;
  EXPECT_EQ(sent->send(sample("update_failed")), HW_CANCELLED);
  close(listener);
  sent->host.cancelled = false;
  EXPECT_EQ(sent->send(sample("update_failed")), HW_UNAVAILABLE) << "nobody listens any more";
}

TEST_F(Email, wrong_settings_are_refused_at_once) {
  const json good = {{"host", "localhost"}, {"from", "a@example.com"}, {"to", {"b@example.com"}}};
  const std::vector<std::pair<json, std::string>> table{
      {{{"from", "a"}}, "setting from"},
      {{{"from", "a@example.com>\r\nRCPT TO:<evil@example.com"}}, "setting from"},
      {{{"to", {"b@example.com", "c@example.com, d@example.com"}}}, "setting to"},
      {{{"to", {"b@example.com\r\nDATA"}}}, "setting to"},
      {{{"to", json::array()}}, "setting to"},
      {{{"tls", "none"}, {"username", "x"}}, "setting username"},
      {{{"username", "x"}}, "\"password\""}};
  settings = good;
  EXPECT_EQ(create(), HW_OK);
  for (const auto& [change, named] : table) {
    settings = good;
    settings.update(change);
    EXPECT_EQ(create(), HW_INVALID) << change;
    EXPECT_THAT(complaint(), HasSubstr(named));
  }
}

TEST(Mail, headers_are_plain_or_encoded) {
  EXPECT_EQ(header_text("plain words"), "plain words");
  EXPECT_EQ(header_text("a\r\nb"), "a  b");
  EXPECT_EQ(header_text("ü"), "=?utf-8?B?w7w=?=");
  EXPECT_EQ(header_text("=?utf-8?B?w7w=?="), "=?utf-8?B?PT91dGYtOD9CP3c3dz0/PQ==?=") << "what looks encoded is encoded";
  EXPECT_EQ(mail_date(sample_time), "Thu, 06 Nov 2025 10:30:00 +0000");
}

}  // namespace
}  // namespace headwind::notifiers
