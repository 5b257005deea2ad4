// SPDX-License-Identifier: Apache-2.0
// ?fields=metadata.name,status.phase: only these of each item, nested as they are in the object.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "update/request.hpp"

namespace headwind::api {

class FieldSelection {
 public:
  // Code::invalid names the field: unknown at its root, too deep, too long, or too many of them.
  static Result<FieldSelection> parse(std::string_view fields);

  FieldSelection(FieldSelection&&) noexcept;
  FieldSelection& operator=(FieldSelection&&) noexcept;
  ~FieldSelection();

  // The object with the selected fields; one that it does not have is left out. The stored JSON is read only where a
  // field of it is asked for.
  std::string apply(const update::UpdateRequest& request) const;

 private:
  struct Tree {
    std::map<std::string, Tree, std::less<>> children;  // none: the whole value
  };
  struct Reader;
  FieldSelection();

  Tree tree_;                         // of the stored object
  std::vector<std::string> summary_;  // keys of summary_of()
  std::unique_ptr<Reader> reader_;
};

}  // namespace headwind::api
