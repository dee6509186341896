/** Filters that people keep, for themselves or for all. */
@NullMarked
package dev.redrive.view;

import org.jspecify.annotations.NullMarked;
