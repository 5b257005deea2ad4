/* SPDX-License-Identifier: Apache-2.0 */
/* The vocabulary shared by every Headwind plugin. C99, LP64 Linux, nothing but the standard headers.
 *
 * Three rules explain the whole directory:
 *
 *   GROW    A struct whose first member is `struct_size` may get further members at its end in a minor release.
 *           The side that fills it in writes struct_size = sizeof; the side that reads it asks HW_HAS (or HW_CAN, for
 *           function pointers) before it touches anything younger than 1.0. A struct without `struct_size` never
 *           changes within a major version, and only such structs, or pointers to growing ones, stand in arrays.
 *   BORROW  A pointer that crosses the boundary is lent until the function that received it returns. To keep the data,
 *           copy it. Neither side frees what the other allocated; that is why there is no free() here.
 *   REPORT  Functions answer with a hw_status. The explanation goes to host->fail(), at most once per call, right
 *           before the return. A C++ exception must not leave the plugin: the SDK's C++ layer sees to that.
 *
 * Tags in front of a function:
 *   [concurrent] several threads may be inside it at once, for one instance;
 *   [serial]     at most one such call per instance runs at any time;
 *   [blocking]   it may wait for I/O, and gives up when call->deadline_ms has passed;
 *   [quick]      it only computes: no I/O, and no lock that a blocking function may hold.
 *
 * All text is UTF-8. The host hands out valid UTF-8 without NUL bytes, and checks what it receives before it logs,
 * stores or sends it on. Numbers called flags hold a set of constants: a plugin ignores bits that it does not know. */
#ifndef HEADWIND_BASE_H
#define HEADWIND_BASE_H
#include <stddef.h>
#include <stdint.h>

/* The version of the SDK is MAJOR.MINOR.PATCH. A plugin needs a host of its own MAJOR; see hw_module for the MINOR. */
#define HW_ABI_MAJOR 1 /* part of the entry symbol's name: hw_entry_v1 */
#define HW_ABI_MINOR 0 /* one more for each release that appends a member or adds a service */
#define HW_SDK_PATCH 0 /* wording, build files, the C++ layer: nothing that crosses the boundary */

#if defined(__cplusplus)
extern "C" {
#endif
#define HW_EXPORT __attribute__((visibility("default")))

/* HW_HAS: the struct at `p` is recent enough to carry `member`. HW_CAN: it does, and the pointer is set. */
#define HW_HAS(type, p, member) ((p)->struct_size >= offsetof(type, member) + sizeof((p)->member))
#define HW_CAN(type, p, member) (HW_HAS(type, p, member) && (p)->member != NULL)

/* A string literal as initialiser of a hw_str: static const hw_str name = HW_LITERAL("semver"); */
#define HW_LITERAL(text) {(text), sizeof(text) - 1}

/* Text or raw bytes, not NUL-terminated. {NULL, 0} is the empty string. */
typedef struct hw_str { /* frozen */
  const char* ptr;
  size_t len;
} hw_str;

typedef struct hw_kv { /* frozen */
  hw_str key;
  hw_str value;
} hw_kv;

/* What exceeds these is refused by the host and counted as the plugin's fault. NAME is for identifiers (ids, tags,
 * slots), TEXT for sentences; objects, schemas and bodies have limits of their own. */
enum { HW_MAX_NAME = 256, HW_MAX_TEXT = 4096, HW_MAX_TAGS = 1000000 };

typedef int32_t hw_status; /* the list may grow: take an unknown value for HW_INTERNAL */
enum {
  HW_OK = 0,
  HW_CANCELLED = 1,   /* the deadline has passed, or the host is stopping */
  HW_INVALID = 2,     /* this can never work: a wrong configuration or argument */
  HW_NOT_FOUND = 3,   /* what was asked for is not there */
  HW_DENIED = 4,      /* credentials are missing, wrong, or not sufficient */
  HW_CONFLICT = 5,    /* the object was changed meanwhile: read it again, then retry */
  HW_THROTTLED = 6,   /* the peer wants us to slow down */
  HW_UNAVAILABLE = 7, /* the peer, or the network on the way to it, is down */
  HW_UNSUPPORTED = 8, /* this plugin has no such function */
  HW_INTERNAL = 9     /* a defect of whoever answers this */
};

typedef struct hw_error {
  uint32_t struct_size;
  hw_status code;
  int32_t retryable;      /* 0: pointless to repeat. 1: may work later */
  uint32_t reserved0;     /* every reservedN is zero; it gives the padding a name */
  int64_t retry_after_ms; /* the shortest wait before a repetition; 0: as the host sees fit */
  hw_str message;         /* one line for a person: what failed, where, what to do. Never a secret */
} hw_error;

/* Takes bytes whose number is not known beforehand. May be written to any number of times. An answer other than HW_OK
 * means: stop, and return the same answer. */
typedef struct hw_sink { /* frozen */
  void* ctx;
  hw_status (*write)(void* ctx, hw_str chunk);
} hw_sink;

struct hw_host; /* host.h */

/* One call into a plugin. It stays valid, with everything reachable from it, until the plugin has returned, also when
 * the host stopped waiting long ago. Do not keep it beyond that. */
typedef struct hw_call {
  uint32_t struct_size;
  uint32_t flags;             /* HW_CALL_* */
  const struct hw_host* host; /* the services of this instance */
  void* ctx;                  /* the host's own */
  int64_t deadline_ms;        /* as told by host->mono_ms() */
  hw_str trace_id;            /* W3C trace id, for peers that accept one; or empty */
} hw_call;
enum { HW_CALL_DRY_RUN = 1u << 0 /* look, but change nothing outside */ };

/* Many tags at once, by column. Registries produce this and policies consume it, so that a page passes from one to the
 * other as it is. A column that is NULL is not known; otherwise it has `count` rows. New facts about tags will come as
 * new columns, hence the row size of an array never changes. */
typedef struct hw_tags {
  uint32_t struct_size;
  uint32_t reserved0;
  size_t count;
  const hw_str* names;
  const hw_str* digests;     /* "sha256:..." of the index or manifest; empty where a row is not known */
  const int64_t* created_ms; /* Unix time, 0 where not known. The image's builder chose it: evidence of nothing */
  const int64_t* pushed_ms;  /* when the registry got it, where the registry tells; else 0 */
} hw_tags;

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
