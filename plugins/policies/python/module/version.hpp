// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <headwind/version.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace headwind::python {

// A version with the text that it is a view of. Stays where it is made.
class Version {
 public:
  // Null where `text` is no version.
  static std::shared_ptr<Version> parse(std::string text) {
    auto made = std::make_shared<Version>(std::move(text));
    return hw::parse_version(made->text_, made->version_) ? made : nullptr;
  }
  explicit Version(std::string text) : text_(std::move(text)) {}
  Version(const Version&) = delete;
  Version& operator=(const Version&) = delete;

  const hw::version& get() const { return version_; }
  const std::string& text() const { return text_; }

 private:
  const std::string text_;
  hw::version version_;
};

}  // namespace headwind::python
