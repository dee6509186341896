/** The topics of a cluster as an operator sees them: what was read, what was lost, what is paused. */
@NullMarked
package dev.redrive.cluster;

import org.jspecify.annotations.NullMarked;
