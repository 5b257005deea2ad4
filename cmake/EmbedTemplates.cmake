# SPDX-License-Identifier: Apache-2.0
# cmake -D TEMPLATES=DIR -D OUT=FILE -P EmbedTemplates.cmake: writes the files of sdk/templates as C++, so that
# `headwind plugin new` works wherever the program is.
file(GLOB_RECURSE files RELATIVE ${TEMPLATES} ${TEMPLATES}/*/*)
list(SORT files)
set(text "// Made from sdk/templates by cmake/EmbedTemplates.cmake.\n#include \"cli/plugin_templates.hpp\"\n\n")
string(APPEND text "namespace headwind::cli {\n\nconst std::vector<Template>& templates() {\n")
string(APPEND text "  static const std::vector<Template> all{\n")
foreach(file ${files})
  file(READ ${TEMPLATES}/${file} content)
  string(APPEND text "      {\"${file}\", R\"template(${content})template\"},\n")
endforeach()
string(APPEND text "  };\n  return all;\n}\n\n}  // namespace headwind::cli\n")
file(WRITE ${OUT} "${text}")
