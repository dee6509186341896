/** The pool, migrations and leases. */
@NullMarked
package dev.redrive.postgres;

import org.jspecify.annotations.NullMarked;
