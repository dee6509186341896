/** Who may do what: tokens and the one check before every route. */
@NullMarked
package dev.redrive.access;

import org.jspecify.annotations.NullMarked;
