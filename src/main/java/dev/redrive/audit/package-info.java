/** Who did what, when and why; append-only. */
@NullMarked
package dev.redrive.audit;

import org.jspecify.annotations.NullMarked;
