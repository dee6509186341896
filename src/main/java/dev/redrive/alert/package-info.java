/** Who is told of what: the outbox, its deliveries and their signatures. */
@NullMarked
package dev.redrive.alert;

import org.jspecify.annotations.NullMarked;
