/** How frameworks write dead letters: one small class a framework, from headers (and envelope) to origin and failure. */
@NullMarked
package dev.redrive.convention;

import org.jspecify.annotations.NullMarked;
