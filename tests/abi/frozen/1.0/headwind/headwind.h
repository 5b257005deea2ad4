/* SPDX-License-Identifier: Apache-2.0 */
/* The whole C interface. A plugin that wants less includes plugin.h by way of the header of its kind. */
#ifndef HEADWIND_HEADWIND_H
#define HEADWIND_HEADWIND_H
#include <headwind/base.h>
#include <headwind/host.h>
#include <headwind/notifier.h>
#include <headwind/plugin.h>
#include <headwind/policy.h>
#include <headwind/registry.h>
#include <headwind/workload.h>
#endif
