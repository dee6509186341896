/** The HTTP server: contract, problems, idempotency, event stream. Knows features only through {@link dev.redrive.http.Routes}. */
@NullMarked
package dev.redrive.http;

import org.jspecify.annotations.NullMarked;
