/* SPDX-License-Identifier: Apache-2.0 */
/* How a shared object introduces itself. The object holds one module, a module any number of plugins, and the
 * operator's configuration makes instances of a plugin. An instance is never reconfigured: for new settings a new one
 * is created, traffic moves over, and the old one is destroyed.
 *
 * A plugin may start threads in create only, and has joined them when destroy returns. It must not install signal
 * handlers, nor call setenv, chdir or exit, nor change the locale: the process is not its own. */
#ifndef HEADWIND_PLUGIN_H
#define HEADWIND_PLUGIN_H
#include <headwind/host.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* Each kind has a header that defines the table for hw_plugin.api: hw_registry_api, hw_workload_api, ... */
enum { HW_KIND_REGISTRY = 1, HW_KIND_WORKLOAD = 2, HW_KIND_NOTIFIER = 3, HW_KIND_POLICY = 4 };
enum { HW_PLUGIN_SERIAL = 1u << 0 /* treat every [concurrent] function of this plugin as [serial] */ };

typedef struct hw_plugin {
  uint32_t struct_size;
  int32_t kind;   /* HW_KIND_* */
  uint32_t flags; /* HW_PLUGIN_* */
  uint32_t reserved0;
  hw_str id;                /* lower case, dotted: "headwind.registry.oci". headwind.* is ours; use your reverse DNS */
  hw_str version;           /* the plugin's own, as semver; not that of the ABI */
  hw_str summary;           /* one line for `headwind plugin list` */
  hw_str config_schema;     /* JSON Schema (draft 7) of the object that create receives; empty: no settings */
  const char* const* needs; /* ids of the services it may ask for, ended by NULL; NULL: none */
  const void* api;          /* the table of its kind, in static storage */
  /* [blocking] Makes an instance. `config` is a JSON object that satisfies config_schema, defaults filled in.
   * call->host may be kept until destroy returns. On failure *self is left as it is, and destroy is not called. */
  hw_status (*create)(const hw_call* call, const struct hw_plugin* plugin, hw_str config, void** self);
  /* [serial] The last call for this instance: none is running and none follows. */
  void (*destroy)(void* self);
  /* [quick] Interfaces that came after 1.0 or from third parties, by id: "headwind.<name>/<revision>" or
   * "<reverse.dns>.<name>/<revision>". Answers NULL for an id it does not know. May itself be NULL. */
  const void* (*extension)(const struct hw_plugin* plugin, const char* id);
} hw_plugin;

typedef struct hw_module {
  uint32_t struct_size;
  uint32_t abi_minor;      /* HW_ABI_MINOR at compile time: for information */
  uint32_t min_host_minor; /* the oldest host that will do; an older one refuses the module. Mostly 0 */
  uint32_t plugin_count;
  hw_str build; /* for bug reports: version, commit, compiler */
  const hw_plugin* const* plugins;
} hw_module;

/* The only symbol that a plugin exports. The host, the checker and packagers call it merely to look, so it does nothing
 * but return the address of a description in static storage. Modules stay loaded for the life of the process. */
typedef const hw_module* (*hw_entry_fn)(void);
HW_EXPORT const hw_module* hw_entry_v1(void);

#if defined(__cplusplus)
} /* extern "C" */
#endif
#endif
