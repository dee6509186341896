/** What the tests stand on: a real Postgres, a real broker, the product as a process, and waiting without guessing. */
@NullMarked
package dev.redrive.testkit;

import org.jspecify.annotations.NullMarked;
