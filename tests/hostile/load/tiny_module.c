/* SPDX-License-Identifier: Apache-2.0 */
#include <headwind/headwind.h>
static const hw_module module = {7, 0, 0, 1, {NULL, 0}, NULL};
const hw_module* hw_entry_v1(void) { return &module; }
