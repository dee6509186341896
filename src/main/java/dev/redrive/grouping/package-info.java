/** What makes two failures the same: fingerprints and failure groups. */
@NullMarked
package dev.redrive.grouping;

import org.jspecify.annotations.NullMarked;
