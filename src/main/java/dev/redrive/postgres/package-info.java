/** The pool, migrations, leases and turnstiles. */
@NullMarked
package dev.redrive.postgres;

import org.jspecify.annotations.NullMarked;
