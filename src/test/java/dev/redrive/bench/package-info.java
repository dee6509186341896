/** Mains that measure the product on one machine; their figures move with the machine, their verdicts do not. */
@NullMarked
package dev.redrive.bench;

import org.jspecify.annotations.NullMarked;
