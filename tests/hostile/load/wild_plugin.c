/* SPDX-License-Identifier: Apache-2.0 */
#include <headwind/headwind.h>
static const hw_plugin* const plugins[] = {(const hw_plugin*)16};
static const hw_module module = {sizeof(hw_module), 0, 0, 1, {NULL, 0}, plugins};
const hw_module* hw_entry_v1(void) { return &module; }
