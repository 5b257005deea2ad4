/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing is wrong with it. */
#include "right.h"
ONE_POLICY("test.flawed.right", hold_all)
