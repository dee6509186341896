/** The command line: a client of the HTTP API that knows nothing else of the product. */
@NullMarked
package dev.redrive.cli;

import org.jspecify.annotations.NullMarked;
