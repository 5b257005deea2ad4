/* SPDX-License-Identifier: Apache-2.0 */
/* Text of a unit test: NUL-terminated copies that grow, so that assert(strcmp(...) == 0) is all it takes. */
#ifndef HEADWIND_TESTING_TEXT_H
#define HEADWIND_TESTING_TEXT_H
#include <headwind/base.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* The test itself, or the plugin in a way that the operator would refuse, is wrong: says so and ends the test. */
__attribute__((noreturn)) static inline void hw_testing_stop(const char* why) {
  fprintf(stderr, "headwind/testing: %s\n", why);
  abort();
}

/* A view of a C string; NULL is the empty text. */
static inline hw_str hw_testing_str(const char* text) {
  hw_str view;
  view.ptr = text;
  view.len = text ? strlen(text) : 0;
  return view;
}

/* Appends bytes to a text of malloc's, which may be NULL. */
static inline void hw_testing_append(char** text, hw_str bytes) {
  const size_t length = *text ? strlen(*text) : 0;
  char* const grown = (char*)realloc(*text, length + bytes.len + 1);
  if (!grown) hw_testing_stop("out of memory");
  if (bytes.len > 0) memcpy(grown + length, bytes.ptr, bytes.len);
  grown[length + bytes.len] = '\0';
  *text = grown;
}

/* Appends several C strings; the list ends with a NULL. */
static inline void hw_testing_add(char** text, ...) {
  va_list list;
  const char* part;
  va_start(list, text);
  while ((part = va_arg(list, const char*)) != NULL) hw_testing_append(text, hw_testing_str(part));
  va_end(list);
}

/* A copy with a NUL behind it; to be freed. */
static inline char* hw_testing_copy(hw_str bytes) {
  char* text = NULL;
  hw_testing_append(&text, bytes);
  return text;
}

static inline int hw_testing_equal(hw_str left, const char* right) {
  return left.len == strlen(right) && memcmp(left.ptr ? left.ptr : "", right, left.len) == 0;
}

/* Takes the next line off *rest; 0 where there is none. */
static inline int hw_testing_line(const char** rest, hw_str* line) {
  const char* const end = *rest ? strchr(*rest, '\n') : NULL;
  if (!*rest || !**rest) return 0;
  line->ptr = *rest;
  line->len = end ? (size_t)(end - *rest) : strlen(*rest);
  *rest = end ? end + 1 : *rest + line->len;
  return 1;
}

/* Reads lines of "name: value" into at most `most` rows that point into `text`. */
static inline size_t hw_testing_headers(const char* text, hw_kv* rows, size_t most) {
  size_t count = 0;
  hw_str line;
  while (hw_testing_line(&text, &line)) {
    const char* const colon = line.len ? (const char*)memchr(line.ptr, ':', line.len) : NULL;
    if (!colon) hw_testing_stop("a header must be a line of \"name: value\"");
    if (count == most) hw_testing_stop("too many headers");
    rows[count].key.ptr = line.ptr;
    rows[count].key.len = (size_t)(colon - line.ptr);
    rows[count].value.ptr = colon + 1;
    rows[count].value.len = line.len - rows[count].key.len - 1;
    while (rows[count].value.len > 0 && *rows[count].value.ptr == ' ') {
      ++rows[count].value.ptr;
      --rows[count].value.len;
    }
    ++count;
  }
  return count;
}

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
