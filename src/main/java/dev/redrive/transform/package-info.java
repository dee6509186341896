/** jq programs that change the values of letters, run in processes of their own that can be stopped. */
@NullMarked
package dev.redrive.transform;

import org.jspecify.annotations.NullMarked;
