// SPDX-License-Identifier: Apache-2.0
#include "notifiers/email/smtp.hpp"

#include <curl/curl.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <ctime>
#include <memory>

namespace headwind::notifiers {
namespace {

template <auto Free>
struct With {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Curl = std::unique_ptr<CURL, With<curl_easy_cleanup>>;
using List = std::unique_ptr<curl_slist, With<curl_slist_free_all>>;
using Mime = std::unique_ptr<curl_mime, With<curl_mime_free>>;

// OpenSSL writes to a closed connection without MSG_NOSIGNAL. The program ignores the signal, but others that load this
// plugin may not.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    const timespec none{};
    if (sigismember(&before_, SIGPIPE) == 0) sigtimedwait(&pipe_, nullptr, &none);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;

 private:
  sigset_t pipe_{}, before_{};
};

template <class Value>
void set(CURL* curl, CURLoption option, Value value) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the only way in
  if (const CURLcode code = curl_easy_setopt(curl, option, value); code != CURLE_OK)
    throw hw::error(hw::code::internal, std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
}

List list_of(const std::vector<std::string>& lines) {
  List list;
  for (const std::string& line : lines) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    list.release();  // NOLINT(bugprone-unused-return-value): it is the longer one's now
    list.reset(longer);
  }
  return list;
}

// Text and HTML, of which a mail program shows what it likes better.
Mime body_of(CURL* curl, const Mail& mail) {
  Mime mime(curl_mime_init(curl));
  curl_mime* const both = curl_mime_init(curl);
  const auto part = [&](const std::string& data, const char* type) {
    curl_mimepart* const one = curl_mime_addpart(both);
    curl_mime_data(one, data.data(), data.size());
    curl_mime_type(one, type);
    curl_mime_encoder(one, "quoted-printable");
  };
  part(mail.text, "text/plain; charset=utf-8");
  part(mail.html, "text/html; charset=utf-8");
  curl_mimepart* const whole = curl_mime_addpart(mime.get());
  curl_mime_subparts(whole, both);
  curl_mime_type(whole, "multipart/alternative");
  return mime;
}

int stop_where_cancelled(void* call, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const hw::call*>(call)->cancelled() ? 1 : 0;
}

// Lines of the server: how many of them refuse a recipient, which does not keep the mail from the others.
struct Answers {
  int refused = 0, last = 0;
};
std::size_t read_answer(char* line, std::size_t size, std::size_t count, void* context) {
  auto& answers = *static_cast<Answers*>(context);
  const std::string_view text(line, size * count);
  if (text.size() > 3 && (text[0] == '4' || text[0] == '5') && text[3] == ' ') {
    ++answers.refused;
    answers.last = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
  }
  return size * count;
}

std::string place_of(const SmtpServer& server) { return server.host + ":" + std::to_string(server.port); }

[[noreturn]] void fail(const hw::call& call, const SmtpServer& server, CURLcode code, long answer) {
  const std::string place = place_of(server);
  if (call.cancelled() || code == CURLE_ABORTED_BY_CALLBACK)
    throw hw::error(hw::code::cancelled, "the mail to " + place + " was cancelled or ran out of time");
  const std::string words = place + ": " + curl_easy_strerror(code);
  switch (code) {
    case CURLE_LOGIN_DENIED:
      throw hw::error(hw::code::denied,
                      place + " refused the login: check the setting username and the secret \"password\"");
    case CURLE_PEER_FAILED_VERIFICATION:
      throw hw::error(hw::code::unavailable,
                      words + ": check the certificate, or name its authority in the setting ca_file");
    case CURLE_SSL_CACERT_BADFILE: throw hw::error(hw::code::invalid, words + ": check the setting ca_file");
    case CURLE_USE_SSL_FAILED:
      throw hw::error(hw::code::invalid, place + " offers no STARTTLS: check the settings port and tls");
    default: break;
  }
  if (answer >= 500 && answer < 600)
    throw hw::error(hw::code::invalid, place + " refused the mail with status " + std::to_string(answer) +
                                           ": check the settings from and to, and whether it may be sent from here");
  if (answer >= 400 && answer < 500)
    throw hw::error(hw::code::unavailable, place + " does not take the mail now, status " + std::to_string(answer));
  throw hw::error(hw::code::unavailable, words);
}

}  // namespace

void send_mail(const hw::call& call, const SmtpServer& server, const std::string& password,
               const Letterhead& letterhead, const Mail& mail) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  const Curl curl(ready == CURLE_OK ? curl_easy_init() : nullptr);
  if (!curl) throw hw::error(hw::code::internal, "libcurl could not be started");
  const auto left = std::min(call.remaining(), server.timeout);
  if (left.count() <= 0) throw hw::error(hw::code::cancelled, "no time was left for the mail");

  const std::string url = std::string(server.tls == Tls::implicit ? "smtps://" : "smtp://") + place_of(server) +
                          (server.hello.empty() ? "" : "/" + server.hello);
  const List headers = list_of(mail.headers), recipients = list_of(letterhead.to);
  const Mime body = body_of(curl.get(), mail);
  Answers answers;
  set(curl.get(), CURLOPT_URL, url.c_str());
  set(curl.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(curl.get(), CURLOPT_PROXY, "");  // those of the environment are for HTTP
  set(curl.get(), CURLOPT_NOSIGNAL, 1L);
  set(curl.get(), CURLOPT_QUICK_EXIT, 1L);  // a resolver that hangs must not hold us
  set(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
  set(curl.get(), CURLOPT_USE_SSL, static_cast<long>(server.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  set(curl.get(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!server.ca_file.empty()) set(curl.get(), CURLOPT_CAINFO, server.ca_file.c_str());
  if (!server.username.empty()) {
    set(curl.get(), CURLOPT_USERNAME, server.username.c_str());
    set(curl.get(), CURLOPT_PASSWORD, password.c_str());
    set(curl.get(), CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");  // the connection is encrypted
  }
  set(curl.get(), CURLOPT_MAIL_FROM, letterhead.from.c_str());
  set(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
  set(curl.get(), CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);  // one wrong address must not silence the others
  set(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  set(curl.get(), CURLOPT_MIMEPOST, body.get());
  set(curl.get(), CURLOPT_HEADERFUNCTION, &read_answer);
  set(curl.get(), CURLOPT_HEADERDATA, &answers);
  set(curl.get(), CURLOPT_NOPROGRESS, 0L);
  set(curl.get(), CURLOPT_XFERINFOFUNCTION, &stop_where_cancelled);
  set(curl.get(), CURLOPT_XFERINFODATA, &call);

  const NoPipeSignal quiet;
  const CURLcode code = curl_easy_perform(curl.get());
  long answer = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the only way in
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer);
  if (code != CURLE_OK) fail(call, server, code, answer >= 400 ? answer : answers.last);
  if (answers.refused > 0)
    call.host().warn("some recipients were refused", {{"server", place_of(server)},
                                                      {"refused", answers.refused},
                                                      {"of", letterhead.to.size()},
                                                      {"status", answers.last}});
}

}  // namespace headwind::notifiers
