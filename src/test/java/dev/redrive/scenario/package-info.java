/** The whole product, in sentences: real processes, a real broker, a real Postgres, and the API as a runbook uses it. */
@NullMarked
package dev.redrive.scenario;

import org.jspecify.annotations.NullMarked;
