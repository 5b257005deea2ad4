// SPDX-License-Identifier: Apache-2.0
#include "notifiers/email/message.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "notifiers/core/text.hpp"

namespace headwind::notifiers {
namespace {

constexpr std::size_t max_title = 200, max_prefix = 60, max_prose = 10'000;

std::string one_line(std::string_view text, std::size_t limit) {
  return rewrite(text, limit,
                 [](char, char c) { return c < ' ' && c >= 0 ? std::string_view(" ") : std::string_view(); });
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, 0);
  out.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                                      reinterpret_cast<const unsigned char*>(bytes.data()),
                                                      static_cast<int>(bytes.size()))));
  return out;
}

// A word has 75 characters at most, and holds whole characters: 42 bytes are 56 in base64.
std::string encoded_words(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(at + 42, text.size());
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    out += (out.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?") + base64(text.substr(at, end - at)) + "?=";
    at = end;
  }
  return out;
}

// A name before an address: as it is where it is made of words, which need no quotes.
std::string display_name(std::string_view name) {
  const std::string clean = one_line(name, max_prefix);
  const bool words = std::all_of(clean.begin(), clean.end(), [](char c) {
    return c == ' ' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return words ? clean : encoded_words(clean);
}

std::string plain_of(const Notice& notice) {
  std::string out = shorten(notice.title, max_title) + "\r\n\r\n";
  for (const Fact& fact : facts_of(notice, max_prose)) out += fact.label + ": " + fact.value + "\r\n";
  out += "\r\n";
  if (!notice.dashboard_url.empty()) out += "View in Dashboard: " + notice.dashboard_url + "\r\n";
  if (!notice.approve_url.empty()) out += "Approve: " + notice.approve_url + "\r\n";
  return out + notice.type + ", " + format_time(notice.unix_ms) + "\r\n";
}

std::string html_of(const Notice& notice) {
  const auto html = [](std::string_view text) { return escape_html(text, unlimited); };
  std::string out = "<html><body><h3 style=\"border-left:6px solid " + notice.color + ";padding-left:8px\">" +
                    notice.emoji + " " + html(shorten(notice.title, max_title)) + "</h3>\r\n<table>\r\n";
  for (const Fact& fact : facts_of(notice, max_prose)) {
    const std::string mark = fact.image ? "code" : fact.prose ? "pre" : "span";
    out += "<tr><th align=\"left\" valign=\"top\">" + html(fact.label) + "</th><td><" + mark + ">" + html(fact.value) +
           "</" + mark + "></td></tr>\r\n";
  }
  out += "</table>\r\n";
  const auto link = [&](const std::string& url, const char* name) {
    if (!url.empty()) out += "<p><a href=\"" + html(url) + "\">" + name + "</a></p>\r\n";
  };
  link(notice.dashboard_url, "View in Dashboard");
  link(notice.approve_url, "Approve");
  return out + "<p><small>" + html(notice.type) + ", " + format_time(notice.unix_ms) + "</small></p></body></html>\r\n";
}

std::string message_id(std::string_view id, const Letterhead& letterhead, std::int64_t unix_ms) {
  std::string local;
  for (const char c : id.substr(0, 128))
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_') local += c;
  if (local.empty()) local = std::to_string(unix_ms);
  return "<" + local + "@" + letterhead.from.substr(letterhead.from.find('@') + 1) + ">";
}

}  // namespace

std::string header_text(std::string_view text) {
  const std::string clean = one_line(text, unlimited);
  const bool plain = std::all_of(clean.begin(), clean.end(), [](char c) { return c >= ' ' && c < 0x7F; }) &&
                     clean.find("=?") == std::string::npos && clean.size() <= 900;
  return plain ? clean : encoded_words(clean);
}

std::string mail_date(std::int64_t unix_ms) {
  using namespace std::chrono;
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds at{floor<seconds>(milliseconds(unix_ms))};
  const auto day = floor<std::chrono::days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(at - day);
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000", days.at(weekday(day).c_encoding()),
                static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1),
                static_cast<int>(date.year()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return out.data();
}

bool is_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || text.size() > 254) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7F && std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos;
  });
}

Mail mail_of(const Notice& notice, const Letterhead& letterhead, std::string_view id) {
  Mail mail;
  std::string to;
  for (const std::string& one : letterhead.to) to += (to.empty() ? "" : ",\r\n ") + one;
  const std::string from = letterhead.from_name.empty()
                               ? letterhead.from
                               : display_name(letterhead.from_name) + " <" + letterhead.from + ">";
  std::string subject = one_line(letterhead.subject_prefix, max_prefix);
  subject += (subject.empty() ? "" : " ") + one_line(notice.title, max_title);
  mail.headers = {"Date: " + mail_date(notice.unix_ms),
                  "From: " + from,
                  "To: " + to,
                  "Subject: " + header_text(subject),
                  "Message-ID: " + message_id(id, letterhead, notice.unix_ms),
                  "Auto-Submitted: auto-generated",  // no answers from people on holiday
                  "X-Headwind-Event: " + header_text(one_line(notice.type, max_prefix))};
  mail.text = plain_of(notice);
  mail.html = html_of(notice);
  return mail;
}

}  // namespace headwind::notifiers
