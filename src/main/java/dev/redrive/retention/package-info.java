/** How long letters keep their bytes, and what takes them away. */
@NullMarked
package dev.redrive.retention;

import org.jspecify.annotations.NullMarked;
